# Formats go where they are sent, as those of `run`, and are looked for before anything runs.
vhpcsim validate cases.yaml --json --csv
echo $?
vhpcsim validate cases.yaml --json=same --html=same
echo $?
vhpcsim validate cases.yaml --html=nowhere/page.html
echo $?
vhpcsim validate cases.yaml --only kvm -n 1 -o table --json=result.json
head -n 1 table
python3 -c 'import json; print(sorted(json.load(open("result.json"))["provenance"]))'
