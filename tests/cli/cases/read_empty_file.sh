: >empty.yaml
vhpcsim check empty.yaml
