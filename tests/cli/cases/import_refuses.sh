status() { "$@" || echo "status $?"; }
cp "$SOURCE"/tests/samples/{stream.txt,np.out} .
echo hello >unknown.txt
printf '# OSU MPI Latency Test v7.5\n# Size Avg Latency(us)\n1 x9.87\n2\n' >damaged.txt
printf '{"fio version": "fio-3.33", "jobs": [' >cut.json
status vhpcsim import unknown.txt
status vhpcsim import damaged.txt cut.json
status vhpcsim import none.txt
status vhpcsim import stream.txt
status vhpcsim import stream.txt --into dell-pe1950 --into dell-pe1950
status vhpcsim import np.out --path nowhere
status vhpcsim import
zstd -q stream.txt -o compressed
status vhpcsim import compressed
status vhpcsim import .
