# A workload that reads its program's input: the key that names it, mistyped; nothing else is missed.
sed 's/^workload:.*/workload: {kind: hpcc, fil: hpccinf.txt}/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
