# What cannot be compared is refused with what would help.
vhpcsim compare native.yaml
echo $?
vhpcsim compare kvm.yaml --set-second 'workload={kind: npb, kernel: cg, class: S}' --json=none.json
echo $?
vhpcsim compare kvm.yaml native.yaml kvm.yaml
echo $?
vhpcsim compare - - <kvm.yaml
echo $?
vhpcsim compare - --set-second cluster.nodes=2 <kvm.yaml
echo $?
vhpcsim compare --set-first run.replications=2
echo $?
vhpcsim compare kvm.yaml nowhere.yaml
echo $?
vhpcsim compare kvm.yaml --set-first virtualization.vms_per_nodes=2
