# What was measured becomes profiles, a scenario and a page; the scenario runs at once.
vhpcsim fit calibrate/two-hosts.raw -o fitted --name lab --resamples 100
echo "status $?"
ls fitted
vhpcsim check fitted/scenario.yaml
vhpcsim run fitted/scenario.yaml -q -n 1
