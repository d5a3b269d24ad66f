sed 's/nodes: 4/nodes: -4/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
