"""The real HPCC: its input file, its summary, and a table of what was measured beside predictions."""
import csv
import io
import statistics
import subprocess

HPCCINF = """HPCC on this machine
nobody
out
8
1       # of problems sizes (N)
{n}     Ns
1       # of NBs
{nb}    NBs
0       PMAP
1       # of process grids
1       Ps
2       Qs
16.0    threshold
1       # of panel fact
2       PFACTs
1       # of recursive stopping criterium
4       NBMINs
1       # of panels in recursion
2       NDIVs
1       # of recursive panel fact.
1       RFACTs
1       # of broadcast
1       BCASTs
1       # of lookahead depth
1       DEPTHs
2       SWAP
64      swapping threshold
0       L1
0       U
1       Equilibration
8       memory alignment
##### PTRANS
0
0
0
0
"""

# Test, what hpcc calls its result, what we call it, ours in units of theirs.
TESTS = {
    "HPL": ("HPL_Tflops", "hpl_gflops", 1e3),
    "PTRANS": ("PTRANS_GBs", "ptrans_GBps", 1.0),
    "MPIFFT": ("MPIFFT_Gflops", "mpi_fft_gflops", 1.0),
    "MPIRandomAccess": ("MPIRandomAccess_GUPs", "mpi_gups", 1.0),
    "natural ring, 8 B": ("NaturallyOrderedRingLatency_usec", "natural_ring_latency_us", 1.0),
    "random ring, 8 B": ("RandomlyOrderedRingLatency_usec", "ring_latency_us", 1.0),
    "natural ring, 2 MB": ("NaturallyOrderedRingBandwidth_GBytes", "natural_ring_bandwidth_GBps",
                           1.0),
    "random ring, 2 MB": ("RandomlyOrderedRingBandwidth_GBytes", "ring_bandwidth_GBps", 1.0),
}


def summary_of(text):
    """Of hpccoutf.txt: key -> value."""
    pairs = (line.strip().partition("=") for line in text.splitlines())
    return {key: value for key, equals, value in pairs if equals}


def median_of(runs, key):
    return statistics.median(float(run[key]) for run in runs)


def predict(program, scenario, settings=()):
    """metric -> value of the central run."""
    command = [program, "run", scenario, "--csv", "--quiet", "--replications=1"]
    command += [f"--set={setting}" for setting in settings]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {row["metric"]: float(row["central"]) for row in csv.DictReader(io.StringIO(output))}


def compare(runs, predicted, tolerances):
    """Prints the tests of `tolerances` (test -> percent); true when all are near enough."""
    print(f"{'test':20} {'measured':>10} {'from':>10} {'to':>10} {'predicted':>10} {'error':>8}")
    all_near = True
    for test, tolerance in tolerances.items():
        theirs, ours, scale = TESTS[test]
        values = [float(run[theirs]) * scale for run in runs]
        measured = statistics.median(values)
        error = 100.0 * (predicted[ours] / measured - 1.0)
        is_near = abs(error) <= tolerance
        all_near = all_near and is_near
        print(f"{test:20} {measured:10.4g} {min(values):10.4g} {max(values):10.4g} "
              f"{predicted[ours]:10.4g} {error:+7.1f}% {'ok' if is_near else 'off'}", flush=True)
    return all_near
