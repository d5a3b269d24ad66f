# One run by its name, some by a pattern; what a run divides by runs with it.
rows() { vhpcsim validate cases.yaml"$@" -n 1 | sed '/^How far/,$d' | cut -c 1-22; }
rows :xen
rows '' --only 'test26:K*'
vhpcsim validate cases.yaml --only nobody
echo $?
vhpcsim validate cases.yaml:kvn
