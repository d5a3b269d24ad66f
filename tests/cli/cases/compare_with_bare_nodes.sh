# Guests against the bare nodes of the same scenario: everything that a person sees.
vhpcsim compare kvm.yaml
