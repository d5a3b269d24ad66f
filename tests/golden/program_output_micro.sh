# The microbenchmarks as the real programs print them: OSU's in the KVM guests, two ranks or eight.
show() {
    sed "s/^workload:.*/workload: {$1}/" "$2" >micro.yaml
    shift 2
    vhpcsim run micro.yaml --program-output --replications 1 "$@"
}
for test in latency bw bibw; do
    show "kind: osu, test: $test, max_size: 16 KiB, window: 16" kvm.yaml --set ranks=2
done
show "kind: osu, test: mbw_mr, min_size: 1 KiB, max_size: 4 KiB" kvm.yaml
for test in multi_lat barrier bcast reduce allreduce allgather alltoall gather scatter; do
    show "kind: osu, test: $test, min_size: 8 B, max_size: 64 B, iterations: 2" kvm.yaml
done

# One stream between bare nodes, four between the guests of two hosts each.
show "kind: iperf, streams: 1, first_receiver: 2, duration: 50 ms" native.yaml --set mpi=tcp-sockets
show "kind: iperf, amount: 4 MB" kvm.yaml --set mpi=tcp-sockets

# Two ranks on each of four disks.
show "kind: disk, ranks: star, file_size: 64 MiB" native.yaml
