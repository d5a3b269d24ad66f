# Three short launches, and then what moved since the profiles were made; no profiles are written.
PATH=$PWD/calibrate:$PATH
calibrate=$SOURCE/calibration/vhpc-calibrate
"$calibrate" --drift january/profiles --drift link.yaml -o today -- env
"$calibrate" --drift january/profiles --dry-run -o other -- env | sed "s|$PWD/||g"
"$calibrate" --drift january/profiles --full -o other -- env; echo "status $?"
"$calibrate" --drift january -o other --native env --virtual env; echo "status $?"
