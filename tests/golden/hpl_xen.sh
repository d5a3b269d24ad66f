# The same guests under Xen; the document for programs, complete.
vhpcsim run kvm.yaml --json --reproducible --set virtualization.technology=xen-3-pv
