sed 's/p: 2, q: 4/p: 7, q: 4/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
