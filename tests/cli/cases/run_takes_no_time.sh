# Work of nothing takes no time, natively and in guests: neither faster nor slower.
run() {
    vhpcsim run kvm.yaml --set "workload={kind: pattern, phases: [$1]}" "${@:2}" --json | grep "\"gain\"" | uniq -c
}
run '{kind: compute, name: nothing}' --explain
run '{kind: bsp, steps: 3}' --set ranks=1
run '{kind: io, size: 0 B}'
