# Files that are missing, empty, cut, of another kind or damaged: a message each, never a crash.
try() {
    vhpcsim fit "$@" -q --no-simulation --resamples 0 2>&1 | cut -c1-160
    echo "status ${PIPESTATUS[0]}"
}
try missing.raw
: >empty.raw
try empty.raw
try kvm.yaml
head -c 20000 calibrate/two-hosts.raw >cut.raw
try cut.raw -o cut
(head -c 9000 calibrate/two-hosts.raw; printf 'damage'; tail -c +9007 calibrate/two-hosts.raw) >damaged.raw
try damaged.raw
try .
ls
