vhpcsim run kvm.yaml --json --csv
vhpcsim run kvm.yaml --program-output --csv
