sed 's/cluster:/cluster: \&here/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
