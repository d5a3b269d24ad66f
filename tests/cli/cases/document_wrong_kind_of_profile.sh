vhpcsim check native.yaml --set cluster.node=gigabit-ethernet
