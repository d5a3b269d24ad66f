vhpcsim run kvm.yaml --json=one.json --reproducible --jobs 1 --quiet >/dev/null
vhpcsim run kvm.yaml --json=four.json --reproducible --jobs 4 --quiet >/dev/null
cmp one.json four.json && echo "the same"
