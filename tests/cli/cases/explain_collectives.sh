vhpcsim explain mpich2-1.0
