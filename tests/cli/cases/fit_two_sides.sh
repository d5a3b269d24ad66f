# The same file as both sides: no overhead anywhere.
vhpcsim fit --native calibrate/two-hosts.raw --virtual calibrate/two-hosts.raw -o sides --resamples 40 \
    --no-simulation | sed -n '/found beside/,/^$/p'
ls sides
vhpcsim check sides/scenario.yaml
cut -c1-110 sides/scenario.yaml
