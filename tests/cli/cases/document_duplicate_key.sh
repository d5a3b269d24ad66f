sed 's/vcpus: 1/vcpus: 1\n  vcpus: 2/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
