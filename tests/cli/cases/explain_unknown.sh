vhpcsim explain cluster.nods
