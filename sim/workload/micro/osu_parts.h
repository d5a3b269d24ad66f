/*
 * osu_parts.h - what the files of the OSU micro-benchmarks share.
 */
#ifndef VHPCSIM_WORKLOAD_OSU_PARTS_H
#define VHPCSIM_WORKLOAD_OSU_PARTS_H

#include "osu.h"

/* What a test measures, and so which metrics it has and what OSU prints. */
enum osu_result {
    OSU_RESULT_LATENCY,    /* seconds of one message */
    OSU_RESULT_BANDWIDTH,  /* seconds of one message, or of one each way, in a window */
    OSU_RESULT_RATE,       /* the same for each of several pairs */
    OSU_RESULT_COLLECTIVE, /* seconds of a call, for each rank */
    OSU_RESULT_BARRIER     /* the same, without sizes */
};

/* One message size of one test. */
struct osu_point {
    enum osu_test test;
    uint64_t size_B;
    int n_iterations;
    int n_warmup;
    int window;
    int n_pairs;
    int slot; /* to record seconds in: see enum osu_result */
};

/* What one rank does for one size. */
typedef void osu_measure(const struct osu_point *at, struct rank *rank);
osu_measure osu_measure_latency, osu_measure_multi_lat, osu_measure_bw, osu_measure_bibw,
    osu_measure_mbw_mr, osu_measure_collective;

struct osu_loops {
    int n_iterations, n_warmup;
};

struct osu_row {
    const char *title; /* "Latency Test", as OSU prints it */
    enum osu_result result;
    osu_measure *measure;
    bool is_for_two;              /* ranks 0 and 1, and OSU refuses to run with more */
    int first_B;                  /* smallest size */
    int n_directions;             /* in which a window travels */
    int n_wide_buffers;           /* of a rank, with room for every rank's data */
    struct osu_loops loops;       /* OSU's own, up to 8 KiB */
    struct osu_loops large_loops; /* and above */
};
extern const struct osu_row osu_rows[N_OSU_TESTS];

/* Pairs of a run by `n_ranks` ranks. */
int osu_count_pairs(const struct osu_spec *spec, int n_ranks);

/* The sizes of a run by `n_ranks` ranks: number `index` from 0; false where there is none. */
bool osu_size(const struct osu_spec *spec, int n_ranks, int index, uint64_t *size_B);

extern const char *const osu_test_names[N_OSU_TESTS + 1];

/* Name of a metric: "osu_bcast_min_us_8B" from `quantity` "min_us". `name` has room for 40. */
void osu_metric_name(char name[], const struct osu_spec *spec, const char *quantity,
                     uint64_t size_B);

/* workload->print */
void osu_print(const void *spec, const struct scenario *scenario, int n,
               const struct metric metrics[], FILE *out);

#endif
