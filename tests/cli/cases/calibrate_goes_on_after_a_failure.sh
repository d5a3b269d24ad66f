PATH=$PWD/calibrate:$PATH
calibrate=$SOURCE/calibration/vhpc-calibrate
"$calibrate" -o cluster --no-fit --launches 2 -- env
echo fail >trouble
"$calibrate" -o other --no-fit --launches 2 -- env
echo "status $?"
grep -c '"launch"' other/calibration.json 2>/dev/null
"$calibrate" -o other --no-fit --launches 2 -- env
cat other/measured.raw
