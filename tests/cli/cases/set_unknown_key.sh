vhpcsim run kvm.yaml --set workload.nbb=400
