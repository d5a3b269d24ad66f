printf 'sch\000\001\377\376\033[31m' >garbage.yaml
vhpcsim check garbage.yaml
