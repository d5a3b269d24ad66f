# OpenMP threads share one memory: more nodes and more guests are errors, too many threads are not.
cp "$SOURCE/scenarios/examples/npb-omp-numa.yaml" omp.yaml
run() { vhpcsim check omp.yaml --set "$@"; echo "status $?"; }
run cluster.nodes=2
run virtualization.vms_per_node=2 --set virtualization.vcpus=8
run workload.threads=20
run ranks=3
