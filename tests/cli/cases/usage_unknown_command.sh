vhpcsim rnu kvm.yaml
