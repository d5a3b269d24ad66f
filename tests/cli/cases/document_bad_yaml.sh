sed 's/^mpi:/  mpi:/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
