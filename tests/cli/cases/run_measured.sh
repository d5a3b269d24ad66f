# Which layer would have to change for what was measured; in one line each, and as JSON.
vhpcsim run kvm.yaml -n 1 --measured hpl_gflops=1.2 --measured time_s=0.683 | sed -n '/explain what/,$p'
vhpcsim run kvm.yaml -n 1 --measured hpl_gflops=0.02 -q
vhpcsim run kvm.yaml -n 1 --measured time_s=0.5 --json | python3 -c '
import json, sys
diagnosis = json.load(sys.stdin)["diagnoses"]["time_s"]
best = diagnosis["explanations"][0]
print(diagnosis["measured"], diagnosis["within_intervals"], best["layer"], round(best["scale"], 2))'
vhpcsim run kvm.yaml --measured hpl_gflop=1.2
echo $?
vhpcsim run kvm.yaml --measured hpl_gflops=0
