# What commands write as JSON is valid under the schemas that we publish, and described by them.
vhpcsim run kvm.yaml -n 1 --measured time_s=0.5 --json=run.json -q >/dev/null
vhpcsim compare kvm.yaml --json=compare.json -q >/dev/null
vhpcsim compare kvm.yaml native.yaml -n 1 --json=faster.json -q --reproducible >/dev/null
vhpcsim validate cases.yaml -n 2 --json=validate.json -q --explain >/dev/null
vhpcsim validate cases.yaml -n 2 --json=alone.json -q --reproducible --only native >/dev/null
python3 - <<'END'
import json, subprocess
from jsonschema import Draft202012Validator as Validator

def undescribed(schema, value, path, root):
    """Members of objects that the schema has no word about."""
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, list):
        return {name for item in value for name in undescribed(schema.get("items", {}), item, path + "[]", root)}
    if not isinstance(value, dict) or not {"properties", "additionalProperties"} & schema.keys():
        return set()
    found = set()
    for key, member in value.items():
        inner = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
        found |= {f"{path}.{key}"} if inner is None else undescribed(inner, member, f"{path}.{key}", root)
    return found

written = {"result": ["run"], "comparison": ["compare", "faster"], "validation-result": ["validate", "alone"]}
for kind, names in written.items():
    schema = json.loads(subprocess.run(["vhpcsim", "schema", kind], check=True, capture_output=True).stdout)
    Validator.check_schema(schema)
    for name in names:
        document = json.load(open(f"{name}.json"))
        print(kind, name, [f"{error.json_path}: {error.message}" for error in Validator(schema).iter_errors(document)],
              sorted(undescribed(schema, document, "", schema)))
    document["schema"] = "vhpcsim-other/1"
    print("another document is refused:", not Validator(schema).is_valid(document))
END
