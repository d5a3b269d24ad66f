# What the microbenchmarks cannot do in a scenario is said before anything runs.
run() {
    sed "s/^workload:.*/workload: {$1}/" native.yaml >micro.yaml
    vhpcsim check micro.yaml
    echo "status $?"
}
run "kind: osu, test: latency"
run "kind: osu, test: mbw_mr, pairs: 5"
run "kind: osu, test: bcast, min_size: 3 MiB, max_size: 3 MiB"
run "kind: iperf, streams: 4, first_receiver: 3"
run "kind: iperf, streams: 2, receiver_stride: 7"
run "kind: iperf, duration: 1 h, write: 512 B"
run "kind: disk, file_size: 1 kB"
run "kind: disk, file_size: 1000 TB"
