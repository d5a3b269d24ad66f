# SIGINT in the middle of a run that would take minutes; an ignored one would be inherited by &.
set -m
vhpcsim run kvm.yaml --set workload.n=20000 --replications 1000 --json=result.json --quiet &
until grep -q '^SigCgt:.*[2367abef]$' /proc/$!/status; do sleep 0.1; done
sleep 1
kill -INT $!
wait $!
status=$?
ls
exit $status
