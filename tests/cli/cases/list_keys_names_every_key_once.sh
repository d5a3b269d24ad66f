# Every key of the shipped scenarios is there, and none twice.
vhpcsim list keys | awk 'NR > 1 { print $1 }' | sort | uniq -d
vhpcsim list keys | awk '{ print $1 }' | grep -xE 'cluster.nodes|virtualization.vcpus|hpl.nb|run.seed|technology.backend.scope' | sort
