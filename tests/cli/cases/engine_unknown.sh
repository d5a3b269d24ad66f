vhpcsim run kvm.yaml --engine simgird
