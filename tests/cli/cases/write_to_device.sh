# What is no regular file is written to, not replaced.
vhpcsim run native.yaml --quiet --json=/dev/null >/dev/null && test -c /dev/null && echo "still a device"
