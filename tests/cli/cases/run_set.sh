# A slower wire makes a slower run; settings apply in their order, the last one counts.
time_s() { vhpcsim run native.yaml --csv "$@" | tail -n 1 | cut -d, -f 7; }
slow_s=$(time_s --set "cluster.link.latency=1 us" --set "cluster.link.latency=900 us")
echo "$(time_s) $slow_s" | awk '{print ($1 < $2 ? "slower" : "not slower")}'
