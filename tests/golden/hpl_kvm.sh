# Two 1-vCPU guests a node under KVM, with all that a person sees and what each layer costs.
vhpcsim run kvm.yaml --explain
