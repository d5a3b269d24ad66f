vhpcsim check kvm.yaml native.yaml
