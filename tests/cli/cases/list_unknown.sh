vhpcsim list technologes
