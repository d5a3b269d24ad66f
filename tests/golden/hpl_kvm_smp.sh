# One 2-vCPU guest a node: one backend for two ranks.
vhpcsim run kvm.yaml --csv --set virtualization.vms_per_node=1 --set virtualization.vcpus=2 \
    --set "virtualization.memory=2 GiB"
