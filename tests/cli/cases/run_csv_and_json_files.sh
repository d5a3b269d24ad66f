# Files take nothing away from the table on standard output.
vhpcsim run native.yaml --csv=metrics.csv --json=result.json | head -n 1
ls
head -n 1 metrics.csv
python3 -c 'import json; print(json.load(open("result.json"))["schema"])'
