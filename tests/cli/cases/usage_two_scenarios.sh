vhpcsim run kvm.yaml native.yaml
