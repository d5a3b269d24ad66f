PATH=$PWD/calibrate:$PATH
calibrate=$SOURCE/calibration/vhpc-calibrate
"$calibrate" -o cluster -- env A='x y' vhpc-measure --largest-message 1MiB
cat cluster/measured.raw
# All are there: only the fit is made again.
"$calibrate" -o cluster -- env A='x y' vhpc-measure --largest-message 1MiB
wc -l <cluster/measured.raw
# Quick is one launch; a budget is that of all launches together.
"$calibrate" --quick --no-fit -o quick -- env
"$calibrate" --budget 1h --launches 2 --force --no-fit -o long -- env
cat quick/measured.raw long/measured.raw
