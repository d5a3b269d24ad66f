# Cores are what rates were measured with: ranks that take turns on them make no more of them active.
vhpcsim run native.yaml --quiet --set ranks=12 --set 'workload={kind: ring, latency_rings: 1}'
vhpcsim run native.yaml --set ranks=12 --set 'workload={kind: ring, latency_rings: 1}' | grep -A1 -E '^(warning|note)'
