# Also where a title does not.
long='bare nodes of the old cluster beside those of the new one, with the matrix of last year'
vhpcsim compare kvm.yaml --set-second title="$long" -n 1 | tee table | head -4
awk 'length > 80' table
