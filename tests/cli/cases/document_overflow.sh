sed 's/nodes: 4/nodes: 99999999999999999999/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
