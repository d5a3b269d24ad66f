vhpcsim run native.yaml --set 'cluster.link.bandwidth=1e-300 B/s' --set 'cluster.link.latency=1e300 s'
