/*
 * raw.h - what was measured, as it was measured: the file between `vhpc-measure` and `vhpcsim fit`.
 *
 * A raw file is lines of JSON in zstd frames (`zstdcat FILE` shows it), appended to and never
 * rewritten, so that whoever stops a measurement keeps all frames that were complete. Each line is
 * an object whose first key says what it is:
 *
 *     {"schema": "vhpcsim-raw/1", "tool": "vhpc-measure 0.1.0", "created": "2026-11-20T20:00:00Z",
 * "seed": 1}
 *     {"launch": 1, "started": ..., "preset": "quick", "ranks": [{"host": "a", "domain": "...",
 * "physical_host": "...", "core": 0}, ...], "mpi": {"library": ..., "parameters": {...}}, "clock":
 * {"source": ..., "resolution_s": ..., "overhead_s": ...}}
 *     {"environment": {...}, "launch": 1, "domain": "..."}             one of each operating system
 *     {"remark": "refused|warning", "launch": 1, "code": "no-pinning", "text": "..."}
 *     {"cell": 7, "operation": "pingpong", "path": "other_host", "load": "idle", "size_B": 1024,
 * "n_active": 2, "rank": 0, "partner": 1, "arguments": [0, 0, 0]}
 *     {"visit": 7, "launch": 1, "block": 3, "rank": 0, "at_s": 12.4, "cold_s": 2e-5,
 * "times_s": [1.1e-5, ...]}
 *     {"threshold": "eager", "launch": 1, "path": "other_host", "method": "semantic", "from_B":
 * 4040, "to_B": 4096}
 *     {"detours": [[start_s, length_s], ...], "launch": 1, "rank": 0, "observed_s": 2.0,
 * "quantum_s": 1e-7, "threshold_s": 1e-6, "n_shorter": 12, "shorter_s": 7e-6, "stolen_s": 0.0}
 *     {"resumed": "2026-11-20T20:31:00Z", "launch": 1, "at_s": 12.9}  what had been killed goes on
 *     {"end": "converged|budget|interrupted|failed", "launch": 1, "at_s": 40.2, "text": "..."}
 *
 * A cell's number is its own in the file, whatever the launch. All times are seconds of one
 * operation as raw_operation_names says below. Nothing is averaged and nothing is left out.
 */
#ifndef VHPCSIM_RAW_H
#define VHPCSIM_RAW_H

#include <jansson.h>
#include <stdbool.h>

/* What is timed. Those of the network involve ranks in pairs; those of a node, each rank alone. */
enum raw_operation {
    RAW_PINGPONG,      /* half a round trip, of one pair while the others are silent */
    RAW_PAIRS,         /* half a round trip, of n_active/2 pairs at the same time */
    RAW_BIDIRECTIONAL, /* both ranks send and receive at once (MPI_Sendrecv): time of a call */
    RAW_SEND,          /* a call of MPI_Send whose partner has posted its receive long before */
    RAW_ISEND,         /* a call of MPI_Isend, the same */
    RAW_RECV,          /* a call of MPI_Recv for a message that MPI_Iprobe has seen */
    RAW_SSEND,         /* a call of MPI_Ssend whose partner waits in its receive */
    RAW_STREAM,        /* argument[0] messages sent one behind the other, then an empty answer: all
                          of it */
    RAW_RING,          /* each rank sends to the next and receives from the last: time of a step,
                          longest of the ranks; argument[0] 0 in their order, n the n-th shuffled */
    RAW_BCAST,         /* of all ranks, as are the next two: longest of the ranks' times */
    RAW_ALLREDUCE,
    RAW_ALLTOALL,     /* size_B to each rank */
    RAW_LOOK,         /* a call of MPI_Test that finds nothing */
    RAW_DGEMM,        /* C (M x N) += A (M x K) B (K x N), random matrices: arguments M, N, K */
    RAW_SCALAR,       /* argument[0] dependent floating-point operations */
    RAW_FFT,          /* complex transform of argument[0] points: 5 n log2 n flop */
    RAW_INTEGER,      /* argument[0] steps of sorting */
    RAW_ACCESS,       /* argument[0] updates at random of a table of size_B */
    RAW_ACCESS_CHAIN, /* argument[0] dependent reads at random of a table of size_B; argument[1]
                         bytes of its pages (0: as the system gives them); argument[2] bytes within
                         which it stays for a while (0: all of the table) */
    RAW_READ,         /* a pass over arrays of size_B in all, as the next two: bytes moved */
    RAW_COPY,         /* are argument[0] */
    RAW_TRIAD,
    RAW_TRANSPOSE,  /* a matrix of size_B, added to its transpose: argument[0] elements */
    RAW_DISK_READ,  /* a request of size_B, from its begin to its end; argument[0] 1 at random, 0 in
                       order; */
    RAW_DISK_WRITE, /* argument[1] requests under way; argument[2] 1 where the page cache is
                       bypassed */
    N_RAW_OPERATIONS
};

/*
 * What of a node's profile (models/profile.h) the cells of a node tell; T is the time of a cell, P
 * the ranks of a host. *Alone* is n_active 1, *full* n_active P. The same ranks of each host are at
 * work, on all hosts of a run at once, and each of them has its own visit.
 * - dgemm: dgemm_polynomial from T alone over M, N, K; rates.dgemm from 2 M N K / T of the largest
 *   shapes, alone and full; node_spread and call_spread from T full, between hosts and repetitions.
 * - scalar, integer: rates.scalar, rates.integer = argument[0] / T.
 * - fft: rates.fft = 5 n log2 n / T of the longest, whose steps through memory take more time than
 *   their bytes (80 B a point), as those of FFTE do. In caches (size_B is of both vectors) several
 *   times that; to know more about the core.
 * - read: what a core draws when it only reads. No parameter yet.
 * - triad, copy: of the largest arrays, which are beyond all caches where memory allows,
 *   memory_bandwidth.one = argument[0] / T alone and .all = P argument[0] / T full, of the triad;
 *   between them, the curve. Triad of size_B up to 16 KiB: rates.memory = 2 argument[0] / 24 B / T.
 *   The largest size_B but one: caches.bandwidth = argument[0] / T.
 * - access_chain: of argument[1] = argument[2] = 0, memory_latency = T / argument[0]. With t(p, w)
 *   this quotient of pages of p bytes within windows of w, page_walk.small = t(4096, 0) - t(4096,
 *   w), as within a window the places of pages are at hand; page_walk.huge = t(2 MiB, 0) - t(4096,
 *   w); neither is below 0.
 * - access: accesses_at_once = memory_latency argument[0] / T, at least 1. Where 128 B argument[0]
 *   / T comes near memory_bandwidth.one, that binds, and it is a lower bound.
 * - transpose: strided_extra = memory_bandwidth.one T / argument[0] - 24 B, alone, at least 0.
 * - disk_read, disk_write: T = disk.latency + size_B / disk.read (or .write) of argument[0] 0,
 *   argument[1] 1; at random disk.seek more. argument[1] size_B / T is what the disk gives.
 * - detours: noise.rate, .length, .spread.
 */
extern const char *const raw_operation_names[N_RAW_OPERATIONS + 1]; /* "pingpong", ..., NULL */

/* Where the ranks of a network cell are to each other; what is no network is RAW_NOWHERE. */
enum raw_path {
    RAW_NOWHERE,
    RAW_SAME_DOMAIN,
    RAW_SAME_HOST,
    RAW_OTHER_HOST,
    RAW_ALL_RANKS,
    N_RAW_PATHS
};
extern const char *const raw_path_names[N_RAW_PATHS + 1];

/* What cores do that the operation leaves free, or what computes beside it. */
enum raw_load {
    RAW_IDLE,
    RAW_BUSY, /* network: each rank's domain computes on all its other cores, or, where it has
                 one core, in a second thread of that core */
    N_RAW_LOADS
};
extern const char *const raw_load_names[N_RAW_LOADS + 1];

enum { RAW_ARGUMENTS = 3 };

/* A point at which something is measured again and again. */
struct raw_cell {
    int number; /* from 0 */
    enum raw_operation operation;
    enum raw_path path;
    enum raw_load load;
    double size_B; /* of a message, table, arrays or request */
    int n_active;  /* ranks at work at the same time, those of the pair included */
    int rank;      /* first rank at work; the others follow as the path says */
    int partner;   /* of a pair; -1: none */
    double argument[RAW_ARGUMENTS];
};

/* One visit of a cell: a first repetition, which is cold, and the others. */
struct raw_visit {
    int cell;
    int launch;  /* from 1 */
    int block;   /* from 0 in each launch */
    int rank;    /* whose clock it was */
    double at_s; /* when it was done, since the launch began, less what it was interrupted for */
    double cold_s;
    int n;
    double *times_s; /* n of them, > 0 */
};

/* Between these sizes the library changes how it sends. */
struct raw_threshold {
    const char *kind;   /* "eager" */
    const char *method; /* "semantic", "statistical", "mpi_t" */
    enum raw_path path;
    int launch;
    double from_B, to_B;
};

/* What a rank that did nothing but look at its clock missed. */
struct raw_detours {
    int launch, rank;
    double observed_s;  /* how long it looked */
    double quantum_s;   /* a look takes this long; one that takes more lost the rest to a detour */
    double threshold_s; /* detours from here on are listed, all of them */
    double n_shorter;   /* detours that were shorter, but still several quanta */
    double shorter_s;   /* lengths of these together */
    double
        stolen_s; /* of observed_s, what the hypervisor says that it took; NAN: it does not say */
    int n;
    double *start_s, *length_s;
};

struct raw_launch {
    int number;
    json_t *text;    /* its line */
    const char *end; /* "converged", "budget", "interrupted", "failed"; NULL: the file just ends.
                        Of one that was resumed, the last */
};

struct raw_remark {
    int launch;
    bool is_refusal; /* of no use for a fit unless the user insists */
    const char *code, *text;
};

/* A whole file; everything in it is its own. */
struct raw {
    char *path;
    json_t *head;
    json_t *environments; /* array of the lines */
    int n_launches, n_cells, n_visits, n_thresholds, n_detours, n_remarks;
    struct raw_launch *launches;
    struct raw_cell *cells;   /* by number */
    struct raw_visit *visits; /* in the order of the file */
    struct raw_threshold *thresholds;
    struct raw_detours *detours;
    struct raw_remark *remarks;
    const char *imported_from; /* another tool, whose numbers are means of unknown spread; NULL:
                                  measured by vhpc-measure; static */
    bool is_cut;               /* the last frame is incomplete: somebody pulled the plug */
};

void raw_free(struct raw *raw);

/* Number of a name in a list that NULL ends, or -1. */
int raw_name_number(const char *const names[], const char *name);

/* True when they say the same, their numbers apart. */
bool raw_cell_is_same(const struct raw_cell *a, const struct raw_cell *b);

#endif
