vhpcsim run kvm.yaml --set "cluster.link.latency=50 MB"
