# What xhpl prints, instead of the table and beside JSON.
vhpcsim run native.yaml --quiet --replications 1 --program-output
vhpcsim run native.yaml --quiet --replications 1 --program-output=hpl.out --json=result.json
grep -c hpl_gflops result.json
vhpcsim run native.yaml --quiet --replications 1 --program-output | cmp - hpl.out && echo the same
