vhpcsim run kvm.yaml --set workload.nb
