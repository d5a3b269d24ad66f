printf 'schema: vhpcsim-link/1\nname: a\ntitle: t\nbandwidth: 1 Gbits\n' >broken.yaml
status() { "$@" || echo "status $?"; }
status vhpcsim diff broken.yaml gigabit-ethernet
status vhpcsim diff kvm-77-e1000 gigabit-ethernet
status vhpcsim diff kvm-77-e100 kvm-77-e1000
status vhpcsim diff kvm-77-e1000
status vhpcsim diff kvm-77-e1000 kvm-77-e1000 --margin=none
