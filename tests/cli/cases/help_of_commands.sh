for command in run check explain list schema; do
    vhpcsim $command --help | head -n 1
done
