PATH=$PWD/calibrate:$PATH
calibrate=$SOURCE/calibration/vhpc-calibrate
cd /
"$calibrate" --dry-run --no-fit -o /data/pair --quick \
    --native 'sbatch --wait -N 2 --wrap "srun {measure}"' \
    --virtual 'ssh g1 "for h in {1..2}; do echo ${h}; done; mpirun -n 2 /opt/vhpc-measure --disk /tmp -o {out} --seed {seed}" # {launch} of {budget}' \
    --fetch-virtual 'scp g1:{out} {local}'
