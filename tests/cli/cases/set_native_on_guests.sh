vhpcsim check kvm.yaml --set virtualization.technology=native || echo $?
vhpcsim check kvm.yaml --set 'virtualization={technology: native}'
