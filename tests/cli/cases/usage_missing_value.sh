vhpcsim run kvm.yaml --set
