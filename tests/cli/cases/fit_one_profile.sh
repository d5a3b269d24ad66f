# One profile as a document: pieces by size, intervals, sources, comments.
vhpcsim fit calibrate/two-hosts.raw --only mpi -o mpi.yaml --resamples 100 --no-simulation -q
cut -c1-150 mpi.yaml
