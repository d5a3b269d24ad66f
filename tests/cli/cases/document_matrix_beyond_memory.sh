sed 's/n: 1200/n: 90000/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
