vhpcsim run kvm.yaml --replications 0
