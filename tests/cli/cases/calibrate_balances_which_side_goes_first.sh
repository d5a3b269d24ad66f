PATH=$PWD/calibrate:$PATH
calibrate=$SOURCE/calibration/vhpc-calibrate
for seed in 1 2 3 4 5 6 7 8; do
    "$calibrate" -o x --dry-run --no-fit --seed $seed --launches 6 --native n --virtual v
done | awk '
    NR % 2 { first = substr($1, 1, 1); n[first]++; rounds = rounds first }
    !(NR % 2) && substr($1, 1, 1) == first { print "one side twice in a round" }
    { if (NR % 12 == 0) { starts[substr(rounds, 1, 1)]++; rounds = "" } }
    NR % 4 == 1 { before = first }
    NR % 4 == 3 && first == before { print "one side first twice" }
    END { print "native first", n["n"], "virtual first", n["v"]
          if (starts["n"] == 0 || starts["v"] == 0) print "always the same side at the start" }'
