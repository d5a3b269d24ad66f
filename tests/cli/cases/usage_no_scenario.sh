vhpcsim run --quiet
