vhpcsim list engines >&- || echo "status $?" >&2
vhpcsim run native.yaml --quiet --json=result.json -o quiet >&- && echo "nobody wrote to it" >&2
