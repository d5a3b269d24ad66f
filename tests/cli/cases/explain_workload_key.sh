vhpcsim explain hpl.nb
