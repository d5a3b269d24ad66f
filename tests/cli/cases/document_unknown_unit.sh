sed 's/memory: 1 GiB/memory: 1 GBi/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
