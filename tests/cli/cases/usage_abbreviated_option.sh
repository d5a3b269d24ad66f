vhpcsim run kvm.yaml --rep 3
