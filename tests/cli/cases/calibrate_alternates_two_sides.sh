PATH=$PWD/calibrate:$PATH
calibrate=$SOURCE/calibration/vhpc-calibrate
mkdir there
"$calibrate" -o pair --seed 3 --budget 2min --native env --virtual 'cd there && {measure}' \
    --fetch-virtual 'cp there/{out} {local}'
echo "native:"
cat pair/native.raw
echo "virtual:"
# There, files of several calibrations may lie side by side.
sed -E 's/vhpc-[0-9]{8}-[0-9]{6}-[0-9]+/vhpc-NAME/' pair/virtual.raw
find there -type f | wc -l
