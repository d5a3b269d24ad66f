for command in run compare check explain list schema; do
    vhpcsim $command --help | head -n 1
done
