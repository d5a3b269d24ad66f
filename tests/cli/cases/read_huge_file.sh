yes '# nothing' | head -c 3000000 >huge.yaml
vhpcsim check huge.yaml
