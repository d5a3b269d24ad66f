# What moved, what nobody can tell, what does not matter; then the same with a scenario, and as JSON.
cat >a.yaml <<'Y'
schema: vhpcsim-link/1
name: a
title: Gigabit Ethernet in January
bandwidth: {value: 940 Mbit/s, ci95: [935 Mbit/s, 945 Mbit/s], source: measured}
latency: {value: 20 us, ci95: [15 us, 25 us], source: measured}
mtu: 1500 B
Y
sed -e 's/^name: a/name: b/; s/940/941/; s/935/936/; s/945/946/; s/value: 20 us/value: 22 us/; s/1500 B/9000 B/' a.yaml >b.yaml
vhpcsim diff a.yaml b.yaml
vhpcsim diff a.yaml b.yaml --all --margin=30% --exit-status || echo "status $?"
vhpcsim diff a.yaml b.yaml --scenario native.yaml -n 1 | tail -n +6
vhpcsim diff a.yaml b.yaml --json=diff.json -q
python3 - <<'P'
import json
diff = json.load(open("diff.json"))
print(diff["schema"], diff["kind"], [(row["key"], row["verdict"]) for row in diff["parameters"]][:3])
P
