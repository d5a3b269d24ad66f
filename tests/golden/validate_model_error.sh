# Nine values of another paper, up to twice what is predicted, tell the model's own error.
{
    printf 'schema: vhpcsim-validation/1\npaper: OTHER26\nruns:\n  - name: native\n'
    printf '    system: bare nodes\n    scenario: native.yaml\n    results:\n'
    for part in 8 9 10 10.5 11 11.5 12 13 14; do
        awk "BEGIN { printf \"      - {metric: hpl_gflops, published: %g, unit: GFLOPS}\n\", 0.6 * $part }"
    done
} >other.yaml
vhpcsim validate cases.yaml other.yaml --replications 3 --csv=values.csv --json=all.json --reproducible -o table
cat table
cut -d, -f 6,18- values.csv
python3 - <<'END'
import json

result = json.load(open("all.json"))
for name, summary in [("all", result["summary"]), *result["by_paper"].items()]:
    print(name, summary["n"], summary["n_with_model_interval"], summary["in_model_interval_share"])
END
# Of what all nine and those of this paper say, a document is made, which `run` reads beside the
# profiles.
vhpcsim validate cases.yaml other.yaml --replications 3 --quiet --model-error=model-error.yaml >/dev/null
cat model-error.yaml
mkdir data
cp -R "$SOURCE/models/profiles" data/profiles
cp model-error.yaml data/profiles
export VHPCSIM_DATA=data
vhpcsim run native.yaml | sed -n '/^Published/,$ s/^/| /p'
vhpcsim run native.yaml --json --reproducible | python3 -c '
import json, sys

print(json.load(sys.stdin)["provenance"]["model_error"])'
sed -i 's/median_factor: .*/median_factor: 0.5/' data/profiles/model-error.yaml
vhpcsim run native.yaml
echo $?
rm data/profiles/model-error.yaml
vhpcsim run native.yaml | grep -c Published
vhpcsim validate cases.yaml --replications 2 --quiet --model-error=few.yaml
echo $?
