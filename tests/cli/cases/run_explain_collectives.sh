vhpcsim run scenarios/examples/osu-allreduce.yaml --set mpi.collectives=open-mpi-4.1 --explain |
    sed -n '/^What the MPI library/,/^$/p'
