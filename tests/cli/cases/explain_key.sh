vhpcsim explain cluster.nodes
