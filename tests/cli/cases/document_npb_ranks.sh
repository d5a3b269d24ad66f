# NPB's programs run on certain numbers of ranks, and class F has no integer sort.
sed 's/workload: .*/workload: {kind: npb, kernel: cg, class: S}/; s/^run:/ranks: 6\nrun:/' kvm.yaml >cg.yaml
sed 's/workload: .*/workload: {kind: npb, kernel: is, class: F}/' kvm.yaml >is.yaml
vhpcsim check cg.yaml is.yaml
