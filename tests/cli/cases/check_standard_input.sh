vhpcsim check - <kvm.yaml
