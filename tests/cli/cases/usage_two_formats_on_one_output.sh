vhpcsim run kvm.yaml --json --csv
