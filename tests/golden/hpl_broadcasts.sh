# The six broadcasts of HPL along a row of eight bare ranks: time of the central run.
for broadcast in 1ring 1ringM 2ring 2ringM long longM; do
    printf '%s ' $broadcast
    vhpcsim run native.yaml --csv --set workload.p=1 --set workload.q=8 \
        --set workload.broadcast=$broadcast | tail -n 1 | cut -d, -f 7
done
