PATH=$PWD/calibrate:$PATH
calibrate=$SOURCE/calibration/vhpc-calibrate
echo hang >trouble
"$calibrate" -o cluster --no-fit --launches 2 -- exec env &
until [ -e hanging ]; do sleep 0.1; done
kill -TERM %1
wait %1
echo "status $?"
"$calibrate" -o cluster --no-fit --launches 2 -- exec env
cat cluster/measured.raw
