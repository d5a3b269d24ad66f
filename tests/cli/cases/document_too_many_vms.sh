sed 's/vms_per_node: 2/vms_per_node: 9/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
