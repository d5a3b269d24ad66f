# Each router of a dragonfly's group has one cable to another group.
vhpcsim check native.yaml --set cluster.topology.kind=dragonfly --set cluster.topology.groups=7 \
    --set cluster.topology.chassis=2 --set cluster.topology.routers=3 \
    --set cluster.topology.nodes_per_router=2
