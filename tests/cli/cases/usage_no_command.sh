vhpcsim
