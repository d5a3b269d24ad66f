vhpcsim run native.yaml --csv --output metrics.csv
cut -d, -f 1,2,8 metrics.csv
