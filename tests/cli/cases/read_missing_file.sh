vhpcsim run nowhere.yaml
