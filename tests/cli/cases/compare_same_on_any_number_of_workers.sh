# One worker or four: the same bytes.
vhpcsim compare kvm.yaml -j 1 --json=one.json --csv=one.csv --reproducible >one
vhpcsim compare kvm.yaml -j 4 --json=four.json --csv=four.csv --reproducible >four
cmp one four && cmp one.json four.json && cmp one.csv four.csv && echo same
