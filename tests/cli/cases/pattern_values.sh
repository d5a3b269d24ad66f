# Formulas that are well written and give no size: their values are told with those of the variables.
cat >patterns.yaml <<'END'
schema: vhpcsim-scenario/1
cluster: {nodes: 4, node: dell-pe860, link: gigabit-ethernet}
mpi: mpich2-1.0.5
workload:
  kind: pattern
  let: {n: 40}
  phases:
    - {kind: ring, size: (p-n)*8 B}
    - {kind: ring, size: 1/(p-8) kB}
    - kind: repeat
      times: 10
      phases: [{kind: ring, size: (n-5*i)*1 kB}]
    - {kind: pipeline, blocks: n/16, size: sqrt(-n) B}
END
vhpcsim check patterns.yaml
