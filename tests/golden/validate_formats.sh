# The documents for programs, complete.
vhpcsim validate cases.yaml --replications 3 --only kvm --json --csv=values.csv --reproducible
cat values.csv
