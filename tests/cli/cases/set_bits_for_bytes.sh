vhpcsim run kvm.yaml --set "virtualization.memory=1 Gbit"
