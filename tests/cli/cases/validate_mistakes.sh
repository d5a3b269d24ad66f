# All mistakes of all documents at once, each at its place; nothing is simulated.
cat >wrong.yaml <<'END'
schema: vhpcsim-validation/1
paper: WRONG
runs:
  - name: native
    system: bare nodes
    scenario: native.yaml
    set: ["workload.n=2000", 'workload.nbb=100', cluster.nodes=0]
    results:
      - {metric: hpl_gflop, published: 1, unit: GFLOPS}
  - name: native
    system: bare nodes
    scenario: nowhere.yaml
    results: []
  - name: kvm
    system: KVM
    scenario: kvm.yaml
    results:
      - {metric: hpl_gflop, published: 1, unit: GFLOPS, rule: input}
      - {metric: time_s, published: 0, unit: ms, tolerance: -3 %}
END
cat >wrong_values.yaml <<'END'
schema: vhpcsim-validation/1
paper: WRONG
runs:
  - name: kvm
    system: KVM
    scenario: kvm.yaml
    set: ["workload.n=2000", 'workload.nbb=100', cluster.nodes=0]
    results:
      - {metric: hpl_gflop, published: 1, unit: GFLOPS}
  - name: kvm
    system: KVM
    scenario: nowhere.yaml
    results:
      - {metric: hpl_gflop, published: 1, unit: GFLOPS}
  - name: kvm-2
    system: KVM
    scenario: kvm.yaml
    results:
      - {metric: hpl_gflop, published: 1, unit: GFLOPS}
      - {metric: time_s, published: 0, unit: ms}
      - {metric: time_s, published: 3, unit: s, over: native}
      - {metric: time_s, published: 3, unit: s, over: kvm-2}
      - {metric: host_cpu_gost, published: 3, unit: percent}
END
vhpcsim validate wrong.yaml wrong_values.yaml cases.yaml
END=$?
vhpcsim validate nowhere.yaml
echo $END $?
# Alternatives are checked each, and must be those of the run that is divided by.
cat >either.yaml <<'END'
schema: vhpcsim-validation/1
paper: WRONG
runs:
  - name: native
    system: bare nodes
    scenario: native.yaml
    either: [[workload.nb=100], [workload.nb=200]]
    results:
      - {metric: hpl_gflops, published: 1, unit: GFLOPS}
  - name: kvm
    system: KVM
    scenario: kvm.yaml
    either: [[workload.nb=200], [workload.nb=100]]
    results:
      - {metric: hpl_gflops, over: native, published: 1, unit: ratio}
END
vhpcsim validate either.yaml
echo $?
sed 's/\[workload.nb=200\], \[workload.nb=100\]/[], ["workload.n=2000", workload.nbb=100], [cluster.nodes=0]/' either.yaml >either_key.yaml
vhpcsim validate either_key.yaml
echo $?
sed 's/\[\[workload.nb=200\], .*/[workload.nb=200]/' either.yaml >either_kind.yaml
vhpcsim validate either_kind.yaml
echo $?
