vhpcsim run native.yaml -o ''
