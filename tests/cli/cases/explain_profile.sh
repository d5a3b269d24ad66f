vhpcsim explain native | head -n 2
