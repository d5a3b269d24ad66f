sed 's/n: 1200/n: .nan/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
