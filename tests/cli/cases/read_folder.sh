mkdir folder
vhpcsim run folder
