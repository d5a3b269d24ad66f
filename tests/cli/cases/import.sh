# Outputs of other benchmarks become profiles, alone where they tell enough, else merged into one that is there;
# what no machine can do is left out, and results of applications stay beside.
cp "$SOURCE"/tests/samples/* .
vhpcsim import {osu-latency-7.5.txt,osu-bw-5.6.txt,np.out} -o fabric | grep -oE '^[a-z_]+ |imported from.*'
ls fabric
vhpcsim check fabric/link.yaml >/dev/null 2>&1 || echo "a profile alone is no scenario"
vhpcsim import hpccoutf.txt HPL.out --into dell-pe1950 -o node 2>&1 | grep -E 'imported|not believed|gflops'
vhpcsim diff dell-pe1950 node/node.yaml
vhpcsim import HPL.out
