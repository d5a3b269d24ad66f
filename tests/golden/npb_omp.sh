# The eight kernels with OpenMP on two sockets: in a guest that does not see them, on the bare node,
# and with its hardware threads. Metric, unit and central value; the first is Mop/s.
mops() { vhpcsim run "$@" --csv --replications 1 | tr -d '\r' | cut -d, -f 1,2,7 | sed -n 2p; }
guest="$SOURCE/scenarios/examples/npb-omp-numa.yaml"
for kernel in ep is ft cg mg bt sp lu; do
    echo "$kernel"
    set -- "$guest" --set workload.kernel=$kernel --set workload.class=A --set workload.speedup=false --set workload.threads=16
    mops "$@"
    mops "$@" --set "virtualization={technology: native}"
    mops "$@" --set "virtualization={technology: native}" --set workload.threads=32
done
