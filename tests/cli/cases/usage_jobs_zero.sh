vhpcsim run kvm.yaml --jobs 0
