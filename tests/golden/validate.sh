# Every value beside its prediction, then how good they are.
vhpcsim validate cases.yaml --replications 5
