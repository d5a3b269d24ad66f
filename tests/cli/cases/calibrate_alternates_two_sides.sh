PATH=$PWD/calibrate:$PATH
calibrate=$SOURCE/calibration/vhpc-calibrate
mkdir there
"$calibrate" -o pair --seed 3 --budget 2min --native env --virtual 'cd there && {measure}' \
    --fetch-virtual 'cp there/{out} {local}'
echo "native:"
cat pair/native.raw
echo "virtual:"
cat pair/virtual.raw
