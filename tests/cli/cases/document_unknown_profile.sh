sed 's/technology: kvm-77-e1000/technology: kvm77-e1000/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
