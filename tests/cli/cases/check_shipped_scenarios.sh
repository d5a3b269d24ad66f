# Every scenario that is shipped is in order.
cd "$SOURCE" && vhpcsim check scenarios/*.yaml scenarios/examples/*.yaml scenarios/lessons/*.yaml scenarios/papers/*.yaml
