# The superuser may read everything.
chmod 0 kvm.yaml
if [ -r kvm.yaml ]; then
    echo "vhpcsim run: cannot read kvm.yaml: Permission denied" >&2
    exit 66
fi
vhpcsim run kvm.yaml
