# A probe beside the profiles of the same machine, and beside those of one whose wire was faster.
vhpcsim fit calibrate/two-hosts.raw -o january --resamples 100 --no-simulation -q
vhpcsim drift calibrate/two-hosts.raw --profile january
echo "status $?"
cp -r january faster
sed -i 's/^bandwidth: .*/bandwidth: {value: 157 MB\/s, ci95: [154 MB\/s, 158 MB\/s], source: measured}/' faster/link.yaml
vhpcsim drift calibrate/two-hosts.raw --profile faster -q --exit-status --json=drift.json || echo "status $?"
python3 - <<'P'
import json
drift = json.load(open("drift.json"))
print(drift["schema"], drift["moved"], drift["launches"], drift["not_probed"])
print(*(row["key"] for row in drift["parameters"] if row["verdict"] == "moved"), sep="\n")
P
# A margin as wide as the change: nobody would care.
vhpcsim drift calibrate/two-hosts.raw --profile faster -q --margin 50% --exit-status
# Of messages, both profiles tell; one of a node alone is compared with what it says.
vhpcsim drift calibrate/two-hosts.raw --profile january/node.yaml -q
