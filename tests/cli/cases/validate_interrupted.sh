# SIGINT in the middle: what was finished is in the journal, no other file is written.
sed -i 's/scenario: kvm.yaml/scenario: long.yaml/' cases.yaml
sed 's/n: 1200/n: 30000, nb: 10/; s/, nb: 100//' kvm.yaml >long.yaml
set -m
vhpcsim validate cases.yaml -n 3 --journal done --html=page.html --quiet &
until [ -s done ]; do sleep 0.1; done
kill -INT $!
wait $!
status=$?
ls
wc -l <done
exit $status
