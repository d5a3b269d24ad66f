vhpcsim --help
