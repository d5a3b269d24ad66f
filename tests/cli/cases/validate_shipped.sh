# Every shipped validation document is in order: they are read, none is run.
cd "$SOURCE" && vhpcsim validate tests/validation/*.yaml tests/validation/predictions/*.yaml --only nobody
