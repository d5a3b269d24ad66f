# What xhpl prints, instead of the table and beside JSON.
vhpcsim run native.yaml --quiet --replications 1 --program-output
vhpcsim run native.yaml --quiet --replications 1 --program-output=hpl.out --json=result.json
grep -c hpl_gflops result.json
vhpcsim run native.yaml --quiet --replications 1 --program-output | cmp - hpl.out && echo the same
# The median of the draws.
vhpcsim run kvm.yaml --replications 5 --program-output=hpl.out --csv=metrics.csv --quiet >/dev/null
awk '/^WR/ { printf "%.4e\n", $7 }' hpl.out
awk -F, '/^hpl_gflops/ { printf "%.4e\n", $4 }' metrics.csv
