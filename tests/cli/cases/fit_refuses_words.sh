# Command lines that say nothing.
for words in "" "--only wire a.raw" "--only link a.raw" "--virtual a.raw" "--only technology -o t.yaml a.raw" \
    "--resamples many a.raw"; do
    vhpcsim fit $words 2>&1 | head -2
    echo "status ${PIPESTATUS[0]}"
done
