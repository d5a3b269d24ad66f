# What guests share with backends and with others: every mistake with what would be right.
vhpcsim check kvm.yaml --set virtualization.reserved_cores=2
vhpcsim check kvm.yaml --set virtualization.reserved_cores=1
vhpcsim check kvm.yaml --set virtualization.vcpus=0 --set virtualization.vms_per_node=1 --set workload.p=2 --set workload.q=2 \
    --set virtualization.reserved_cores=1 | grep guests
vhpcsim check kvm.yaml --set virtualization.technology=kvm-sr-iov \
    --set virtualization.vcpus=0 --set virtualization.vms_per_node=1 --set workload.p=2 --set workload.q=2 \
    --set virtualization.reserved_cores=1 | grep guests
vhpcsim check kvm.yaml --set virtualization.tenants.cores=-1
vhpcsim check kvm.yaml --set 'virtualization.tenants.network=1 Gbit/s' | grep guests
vhpcsim check kvm.yaml --set 'virtualization.tenants.network=1 Gib'
vhpcsim check kvm.yaml --set virtualization.pinning=of
vhpcsim check kvm.yaml --set virtualization.tenants.cores=1 | grep guests
vhpcsim check kvm.yaml --set virtualization.technology=container-bridge --set virtualization.disk.format=qcow2 | grep guests
vhpcsim check kvm.yaml --set 'cluster.node.noise={rate: 1 kHz, length: 25 ms}' | grep guests
vhpcsim check native.yaml --set 'virtualization={pinning: off, reserved_cores: 1, tenants: {cores: 1}}'
