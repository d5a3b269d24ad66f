# What would run for ever, or fill the memory, is refused at once.
cat >patterns.yaml <<'END'
schema: vhpcsim-scenario/1
cluster: {nodes: 4, node: dell-pe860, link: gigabit-ethernet}
mpi: mpich2-1.0.5
workload:
  kind: pattern
  phases:
    - kind: repeat
      times: 1e9
      phases: [{kind: repeat, times: 1e9, phases: [{kind: barrier}]}]
END
vhpcsim run patterns.yaml
echo "status $?"
vhpcsim run patterns.yaml --set workload.phases.0.times=1e12
echo "status $?"
vhpcsim run patterns.yaml --set 'workload.phases=[{kind: bag, tasks: 1e9}]'
echo "status $?"
