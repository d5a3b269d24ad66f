# The source does not tell the block size: the draws of guests and bare nodes are dealt over three.
sed -i '/scenario: \(native\|kvm\).yaml/a\    either: [[workload.nb=60], [workload.nb=100], [workload.nb=200]]' cases.yaml
vhpcsim validate cases.yaml --only kvm --replications 6 --json=all.json --reproducible
python3 - <<'END'
import json

result = json.load(open("all.json"))
print([(case["predicted"]["n"], case["predicted"]["n_alternatives"]) for case in result["cases"]])
print([run["either"] for run in result["runs"]])
END
