sed 's/nodes: 4/nods: 4/; s/1 GiB/1 GBi/; s/p: 2/p: -2/; s/seed: 7/seed: x/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
