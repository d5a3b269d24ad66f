sed 's/^workload:.*/workload: {kind: ring}/' native.yaml >ring.yaml
vhpcsim run ring.yaml --program-output
