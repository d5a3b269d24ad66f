vhpcsim check native.yaml nowhere.yaml kvm.yaml
