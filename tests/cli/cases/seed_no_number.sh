vhpcsim run kvm.yaml --seed seven
