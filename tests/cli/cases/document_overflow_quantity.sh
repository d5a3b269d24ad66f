sed 's/memory: 1 GiB/memory: 1e999 GiB/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
