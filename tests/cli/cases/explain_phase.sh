# Kinds of phase and their keys are explained as other keys are.
vhpcsim explain pattern.phases
vhpcsim explain halo2d
vhpcsim explain pattern.phases.master_worker.chunk
vhpcsim explain workload.phases.bag.tasks | diff <(vhpcsim explain pattern.phases.bag.tasks) - && echo "the same"
