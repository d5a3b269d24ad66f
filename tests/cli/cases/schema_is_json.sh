for kind in scenario node link mpi technology result; do
    vhpcsim schema $kind | python3 -c 'import json, sys; print(json.load(sys.stdin)["$schema"])'
done
