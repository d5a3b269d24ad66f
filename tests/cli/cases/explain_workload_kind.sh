# The key of workloads, not those of topologies and technologies.
vhpcsim explain workload.kind
