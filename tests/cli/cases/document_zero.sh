sed 's/nodes: 4/nodes: 0/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
