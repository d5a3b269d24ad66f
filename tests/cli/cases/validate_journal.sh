# Finished runs are kept and taken again: also behind a line that was cut short, and not for another
# seed. A file of something else is left alone.
vhpcsim validate cases.yaml:xen --journal done -n 2 -q >first
vhpcsim validate cases.yaml --journal done -n 2 >second
wc -l <done
printf '{"schema": "vhpcsim-jour' >>done
vhpcsim validate cases.yaml --journal done -n 2 >third
vhpcsim validate cases.yaml --journal done -n 2 --seed 9 -q >fourth
cmp second third && echo the same
cmp -s second fourth || echo another seed
wc -l <done
vhpcsim validate cases.yaml --journal done -n 2 -q >/dev/null
echo 'title: notes of ours' >notes.yaml
vhpcsim validate cases.yaml --journal notes.yaml
cat notes.yaml
vhpcsim validate cases.yaml --journal .
