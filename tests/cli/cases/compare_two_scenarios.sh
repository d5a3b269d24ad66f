# Two files, and one file with settings of either side, each in one line and as CSV. Draws are those of the
# first scenario, which says one replication.
vhpcsim compare native.yaml kvm.yaml -q
vhpcsim compare native.yaml kvm.yaml -n 4 --csv
vhpcsim compare kvm.yaml --set-first virtualization.technology=xen-3-pv -q
vhpcsim compare kvm.yaml --set-second virtualization.vms_per_node=1 --set-second virtualization.vcpus=2 -n 1 -q
