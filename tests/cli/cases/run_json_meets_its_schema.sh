# Results are valid under the schema that we publish, and layers sum to the time.
vhpcsim run kvm.yaml --json=result.json --explain --quiet >/dev/null
vhpcsim run kvm.yaml --json=small.json --reproducible --replications 1 --quiet >/dev/null
vhpcsim schema result >schema.json
python3 - <<'END'
import json, math
import jsonschema

schema = json.load(open("schema.json"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for name in "small.json", "result.json":
    result = json.load(open(name))
    print(name, [error.message for error in validator.iter_errors(result)])
for name, metric in result["metrics"].items():
    print(name, metric["unit"], metric["p10"] <= metric["p50"] <= metric["p90"], metric["n"])
time_s = result["metrics"]["time_s"]["central"]
print("layers sum to the time:", math.isclose(sum(result["layers"].values()), time_s, rel_tol=1e-6))
cores = 4 * 2
print("host CPU sums to the cores:",
      math.isclose(sum(result["host_cpu"].values()), time_s * cores, rel_tol=1e-6))
print([gain["made_native"] for gain in result["counterfactuals"]])
END
