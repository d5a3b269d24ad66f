vhpcsim run native.yaml --quiet >/dev/full
