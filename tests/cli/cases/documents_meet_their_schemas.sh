# Every shipped scenario and profile is valid under the schema that we publish for its kind, and
# what the program refuses is not.
cd "$SOURCE" && python3 - <<'END'
import glob, json, subprocess
import jsonschema, yaml

def validator_of(kind):
    text = subprocess.run(["vhpcsim", "schema", kind], check=True, capture_output=True).stdout
    jsonschema.Draft202012Validator.check_schema(json.loads(text))
    return jsonschema.Draft202012Validator(json.loads(text))

validators = {kind: validator_of(kind) for kind in ("scenario", "node", "link", "mpi", "technology", "validation", "model-error")}
for path in sorted(glob.glob("scenarios/**/*.yaml", recursive=True) + glob.glob("models/profiles/**/*.yaml", recursive=True) +
                   glob.glob("tests/validation/*.yaml") + ["tests/cli/inputs/cases.yaml"]):
    document = yaml.safe_load(open(path))
    kind = document["schema"].removeprefix("vhpcsim-").split("/")[0]
    for error in validators[kind].iter_errors(document):
        print(f"{path}: {'.'.join(map(str, error.path))}: {error.message}")
    document["surprise"] = 1
    if validators[kind].is_valid(document):
        print(f"{path}: an unknown key is valid")
print("done")
END
