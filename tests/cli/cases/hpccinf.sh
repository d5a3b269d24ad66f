# The suite from HPCC's own file, and what is wrong in it at its place.
sed 's/^workload:.*/workload: {kind: hpcc, file: hpccinf.txt, tests: {ring: false}}/' native.yaml >hpcc.yaml
vhpcsim run hpcc.yaml --program-output | grep -E '^(CommWorldProcs|HPL_N|HPL_npcol|DGEMM_N|PTRANS_n|MPIFFT_N|RandomlyOrderedRingLatency_usec)='
sed -i '36s/.*/forty NBs/; 35s/^0/1/; 33s/^0/x/' hpccinf.txt
vhpcsim check hpcc.yaml
