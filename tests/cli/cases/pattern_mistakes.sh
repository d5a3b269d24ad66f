# Mistakes inside lists of phases: the caret points into the formula, and all are told at once.
cat >patterns.yaml <<'END'
schema: vhpcsim-scenario/1
cluster: {nodes: 4, node: dell-pe860, link: gigabit-ethernet}
mpi: mpich2-1.0.5
workload:
  kind: pattern
  let: {n: 4096, max: 3, local: n/q}
  phases:
    - {kind: halo2d, nx: n, ny: n, ovrelap: true}
    - kind: repeat
      times: 10
      phases:
        - {kind: ring, size: n/(p-1*8 B}
        - {kind: rnig, size: 1 kB}
        - {kind: alltoall, size: lcoal*8}
END
vhpcsim check patterns.yaml
