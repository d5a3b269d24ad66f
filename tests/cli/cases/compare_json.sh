# The comparison as JSON holds both results, and its parts agree with them.
vhpcsim compare kvm.yaml --json=both.json -q
vhpcsim schema result >schema.json
python3 - <<'END'
import json
from jsonschema import Draft202012Validator as Validator

both = json.load(open("both.json"))
validator = Validator(json.load(open("schema.json")))
for side in ("first", "second"):
    validator.validate(both[side])
print(both["schema"], both["first"]["provenance"]["profiles"]["technology"])
gflops = both["metrics"]["hpl_gflops"]
print("ratio of the central runs:", abs(gflops["ratio"]["central"] - both["second"]["metrics"]["hpl_gflops"]["central"]
      / both["first"]["metrics"]["hpl_gflops"]["central"]) < 1e-9)
layers = both["layers"].values()
lost = both["second"]["metrics"]["time_s"]["central"] - both["first"]["metrics"]["time_s"]["central"]
print("layers sum to the loss:", abs(sum(l["added_s"] for l in layers) - lost) < 1e-9)
print("their shares to 1:", abs(sum(l["share_of_loss"] for l in layers) - 1) < 1e-9)
native = [c for c in both["counterfactuals"] if c["made_native"] == "native"][0]
print("native closes the gap:", abs(native["share_of_gap"] - 1) < 1e-9)
END
