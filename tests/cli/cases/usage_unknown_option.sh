vhpcsim run kvm.yaml --sede 3
