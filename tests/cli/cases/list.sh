vhpcsim list workloads
