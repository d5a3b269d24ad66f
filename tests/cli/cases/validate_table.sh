# A user's own measurements: "expected against measured", and what would explain the gaps; the
# golden cases know the numbers.
cat >measured.csv <<'END'
# with our own stopwatch
metric,value,unit
"hpl_gflops", 1.17, GFLOPS

time_s,1.31
END
vhpcsim validate measured.csv --scenario kvm.yaml -n 2 --explain >table
grep -oE '^  (hpl_gflops|time_s) +[0-9.]+' table
sed -n '/^What would/,$p' table | grep -oE '^(What.*|[a-z].* times as (slow|fast) as predicted)' |
    sed -E 's/[0-9.]+ times/N times/'
printf 'hpl_gflops\t1.17\tGFLOPS\ntime_s\t1.31\ts\n' >measured.tsv
vhpcsim validate measured.tsv --scenario kvm.yaml -n 2 | sed '/^How far/,$d' | cut -c 1-13
# What is absurd is told shortly, and a long name leaves its text room.
printf 'time_s,1e-20\n' >measured_at_the_computing_centre_of_a_university_abroad.csv
vhpcsim validate measured_at*.csv --scenario kvm.yaml -n 2 --explain >table
grep -oE '\+[0-9.e+]{6,} %|no  $' table
grep -A 1 '^measured_at.*time_s:$' table
awk 'length > 120' table
printf 'hpl_gflops;1.17\ntime_s,1.x\nhpl_gflop,1\ntime_s,3,ms\ntime_s,0,s,why\n' >wrong.csv
vhpcsim validate wrong.csv --scenario kvm.yaml
printf 'hpl_gflop,1\ntime_s,3,ms\n' >wrong.csv
vhpcsim validate wrong.csv --scenario kvm.yaml
printf '\357\273\277metric,value\r\nhpl_gflop,1.17\r\n' >from_spreadsheet.csv
vhpcsim validate from_spreadsheet.csv --scenario kvm.yaml
: >empty.csv
vhpcsim validate empty.csv --scenario kvm.yaml
vhpcsim validate measured.csv --scenario nowhere.yaml
vhpcsim validate cases.yaml --scenario kvm.yaml
vhpcsim validate --scenario kvm.yaml
