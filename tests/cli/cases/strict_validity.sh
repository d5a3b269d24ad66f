# Legal but outside the range in which a parameter was measured: a warning, or an error.
vhpcsim run native.yaml --quiet --strict --set workload.n=12000 --set workload.nb=400
