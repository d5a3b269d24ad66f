# Another seed gives other draws; the central run does not know the seed.
for seed in 7 7 8; do
    vhpcsim run kvm.yaml --seed $seed --csv | tail -n 1 | cut -d, -f3,7
done | awk -F, 'NR == 1 {p10 = $1; central = $2}
    {print ($1 == p10 ? "same P10" : "other P10") ", " ($2 == central ? "same central" : "other central")}'
