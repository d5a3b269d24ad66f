sed 's/nodes: 4/nods: 4/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
