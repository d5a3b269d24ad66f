PATH=$PWD/calibrate:$PATH
calibrate=$SOURCE/calibration/vhpc-calibrate
echo hang >trouble
"$calibrate" -o cluster --no-fit --launches 2 -- env A=b &
until [ -e hanging ]; do sleep 0.1; done
kill -TERM %1
wait %1
echo "status $?"
# The launch is stopped, too, and not its shell alone.
kill -0 "$(cat hanging)" 2>/dev/null && echo "it still runs"
"$calibrate" -o cluster --no-fit --launches 2 -- env A=b
cat cluster/measured.raw
