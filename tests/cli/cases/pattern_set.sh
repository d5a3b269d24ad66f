# Settings reach phases by their number in the list.
cat >patterns.yaml <<'END'
schema: vhpcsim-scenario/1
cluster: {nodes: 4, node: dell-pe860, link: gigabit-ethernet}
mpi: mpich2-1.0.5
workload: {kind: pattern, let: {n: 8}, phases: [{kind: ring, size: n*1 kB}, {kind: barrier}]}
run: {replications: 1}
END
traffic() { vhpcsim run patterns.yaml --csv "$@" | tr -d '\r' | grep -E '^pattern_(messages|MB)' | cut -d, -f 1,7; }
traffic
traffic --set workload.let.n=16
traffic --set workload.phases.1.kind=ring --set 'workload.phases.1.size=2 kB'
vhpcsim check patterns.yaml --set workload.phases.2.kind=ring
