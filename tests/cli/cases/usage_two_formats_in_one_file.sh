vhpcsim run native.yaml --json=result --csv -o result
