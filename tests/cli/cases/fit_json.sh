# For programs: profiles with all their values, held-out rows, notes.
vhpcsim fit calibrate/two-hosts.raw --json --no-simulation --resamples 0 >fit.json
python3 - <<'END'
import json
fit = json.load(open("fit.json"))
print(fit["schema"], sorted(fit["profiles"]))
print(fit["profiles"]["link"]["bandwidth"]["unit"], len(fit["profiles"]["mpi"]["sizes"]))
for row in fit["held_out"]:
    print(row["what"], row["n"], row["is_off"], len(row.get("points", [])))
print(sorted(note["kind"] for note in fit["notes"]))
END
