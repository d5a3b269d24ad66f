# What other simulators get, and what they cannot have.
vhpcsim export native.yaml --format=loggops
echo $?
vhpcsim export kvm.yaml -o platform.xml --hostfile=hosts
echo $?
grep -c '<route' platform.xml
sort hosts | uniq -c
grep -A9 'no word for' platform.xml
vhpcsim export native.yaml --set cluster.nodes=600 --set 'workload={kind: ring}'
echo $?
vhpcsim export nowhere.yaml
echo $?
vhpcsim export native.yaml -o nowhere/platform.xml
echo $?
vhpcsim export --format=dimemas native.yaml
