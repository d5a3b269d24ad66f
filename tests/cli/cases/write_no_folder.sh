vhpcsim run native.yaml --json=nowhere/result.json
