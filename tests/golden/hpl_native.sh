# The bare nodes.
vhpcsim run native.yaml
