# Other networks for the same eight ranks: time of the central run.
run() { vhpcsim run native.yaml --csv "$@" | tail -n 1 | cut -d, -f 7; }
run
run --set cluster.topology.kind=tree --set cluster.topology.nodes_per_switch=2 \
    --set cluster.topology.oversubscription=4
run --set "cluster.topology.kind=fat-tree" --set "cluster.topology.sizes=[2, 2]" \
    --set "cluster.topology.up=[1, 1]" --set "cluster.topology.parallel=[1, 1]"
run --set cluster.topology.kind=torus --set "cluster.topology.sizes=[2, 2]"
run --set cluster.topology.kind=dragonfly --set cluster.topology.groups=2 \
    --set cluster.topology.chassis=1 --set cluster.topology.routers=2 \
    --set cluster.topology.nodes_per_router=1
