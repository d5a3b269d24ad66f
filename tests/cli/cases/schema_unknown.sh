vhpcsim schema resutl
