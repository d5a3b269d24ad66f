# HPCC's small benchmarks in the KVM guests: metric, unit and central value.
for workload in "ring" "pingpong" "ptrans, n: 800, nb: 100, p: 2, q: 4" "dgemm" "stream"; do
    sed "s/^workload:.*/workload: {kind: $workload}/" kvm.yaml >micro.yaml
    vhpcsim run micro.yaml --csv --replications 1 | tr -d '\r' | cut -d, -f 1,2,7 | tail -n +2
done
