PATH=$PWD/calibrate:$PATH
calibrate=$SOURCE/calibration/vhpc-calibrate
try() {
    "$calibrate" "$@"
    echo "status $?"
}
try -o x
try -o x --native env -- env
try -o x --fetch-native cp -- env
try -o x --budget 15 -- env
try -o x --launches 0 -- env
try -o x --quick --full -- env
try --native env
try -o x env -n 2
try -o x --seed -1 -- env
try -o x --launches 1 --no-fit -- env
try -o x --launches 2 --seed 2 --no-fit -- env
echo '{' >x/calibration.json
try -o x --launches 1 --no-fit -- env
rm x/calibration.json
try -o x --launches 1 --no-fit -- env
echo silence >trouble
try -o y --launches 1 --no-fit --lag 0.1s -- env
try -o y --launches 1 --no-fit -- false
try -o calibrate/vhpcsim/y --launches 1 -- env
try --qick -o x -- env
touch file
try -o file --launches 1 -- env
try -o z --launches 1 --no-fit -- mpirn -n 2 vhpc-measure 2>&1 | grep -v '/bin/sh'
