sed 's/schema: .*/schema: vhpcsim-scenario\/9/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
