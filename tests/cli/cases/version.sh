# Library versions differ from machine to machine.
vhpcsim --version | sed -E 's/[0-9]+(\.[0-9]+)+/N/g'
