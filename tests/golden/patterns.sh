# The shipped patterns and the lesson of the slowest: metric, unit and central value.
for scenario in "$SOURCE"/scenarios/examples/pattern-*.yaml "$SOURCE"/scenarios/lessons/the-slowest-*.yaml; do
    vhpcsim run "$scenario" --csv --replications 1 | tr -d '\r' | cut -d, -f 1,2,7 | tail -n +2
done
