sed 's/vcpus: 1/vcpus: 9/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
