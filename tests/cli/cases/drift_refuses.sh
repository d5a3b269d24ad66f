# What cannot be compared ends in one line.
vhpcsim drift; echo "status $?"
vhpcsim drift calibrate/two-hosts.raw; echo "status $?"
vhpcsim drift calibrate/two-hosts.raw --profile .; echo "status $?"
vhpcsim drift calibrate/two-hosts.raw --profile kvm-84-virtio; echo "status $?"
vhpcsim drift calibrate/two-hosts.raw --profile native.yaml; echo "status $?"
vhpcsim drift native.yaml --profile kvm-84-virtio; echo "status $?"
vhpcsim drift calibrate/two-hosts.raw --profile kvm-84-virtio --profile kvm-77-e1000; echo "status $?"
vhpcsim drift calibrate/two-hosts.raw --profile x.yaml --margin 0; echo "status $?"
