# What the schema requires is there, numbers are numbers, and layers sum to the time.
vhpcsim run kvm.yaml --json=result.json --explain --quiet >/dev/null
vhpcsim schema result >schema.json
python3 - <<'END'
import json, math
result, schema = json.load(open("result.json")), json.load(open("schema.json"))
print("missing:", [key for key in schema["required"] if key not in result])
print("missing in provenance:", [key for key in schema["properties"]["provenance"]["required"]
                                 if key not in result["provenance"]])
for name, metric in result["metrics"].items():
    print(name, metric["unit"], metric["p10"] <= metric["p50"] <= metric["p90"], metric["n"])
time_s = result["metrics"]["time_s"]["central"]
print("layers sum to the time:", math.isclose(sum(result["layers"].values()), time_s, rel_tol=1e-6))
cores = 4 * 2
print("host CPU sums to the cores:",
      math.isclose(sum(result["host_cpu"].values()), time_s * cores, rel_tol=1e-6))
print([gain["made_native"] for gain in result["counterfactuals"]])
END
