# Both spellings of a workload, and of a key of it.
vhpcsim explain pingpong
vhpcsim explain workload.pingpong | diff <(vhpcsim explain pingpong) - && echo 'the same'
vhpcsim explain workload.pingpong.clients | diff <(vhpcsim explain pingpong.clients) - && echo 'the same'
