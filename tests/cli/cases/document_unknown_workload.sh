sed 's/kind: hpl/kind: hlp/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
