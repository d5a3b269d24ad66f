# None may be built: the machine would run out of memory.
for topology in '{kind: torus, sizes: [100000, 100000, 100000]}' \
    '{kind: fat-tree, sizes: [4, 4], up: [1, 1000000]}' \
    '{kind: dragonfly, groups: 9, chassis: 9, routers: 1000, nodes_per_router: 1}'; do
    vhpcsim run native.yaml --set "cluster.topology=$topology" || echo "status $?" >&2
done
