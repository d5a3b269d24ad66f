# One line; the golden cases know its numbers.
vhpcsim run --quiet native.yaml | sed -E 's/[0-9.]+ GFLOPS.*/N GFLOPS/'
