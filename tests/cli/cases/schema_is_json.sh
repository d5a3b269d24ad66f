for kind in scenario node link mpi technology validation result comparison validation-result; do
    vhpcsim schema $kind | python3 -c 'import json, sys; print(json.load(sys.stdin)["$schema"])'
done
