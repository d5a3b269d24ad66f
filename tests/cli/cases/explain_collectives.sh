# An MPI library's decision tables are told by ranks and sizes, and its algorithms explained.
"$VHPCSIM" explain mpich2-1.0
