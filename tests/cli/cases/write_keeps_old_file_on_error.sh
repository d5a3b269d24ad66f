# A result that cannot be made leaves the old one alone.
echo old >result.json
vhpcsim run native.yaml --set workload.nb=0 --json=result.json
echo "status $?"
cat result.json
ls
