mkdir results
vhpcsim run native.yaml --json=results
