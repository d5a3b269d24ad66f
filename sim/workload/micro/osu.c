#include "osu.h"
#include "osu_parts.h"
#include "sim/workload/shared.h"

#include "sim/input/scenario.h"
#include "sim/platform/platform.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Above this size OSU does fewer rounds. */
enum { LARGE_B = 8192 };

/* With a smaller window than this mbw_mr does more rounds. */
enum { USUAL_WINDOW = 64 };

/* Room of all ranks' data in one buffer: OSU's default. */
static const double most_buffer_B = 512.0 * 1024.0 * 1024.0;

/* Every size is a power of two that fits MPI's int, or 0. */
enum { MAX_SIZES = 32 };

/* What the latency tests are asked for. */
enum { ANSWER_SIZE_B = 8 };

const char *const osu_test_names[] = {"latency",  "bw",     "bibw",    "mbw_mr",    "multi_lat",
                                      "barrier",  "bcast",  "reduce",  "allreduce", "allgather",
                                      "alltoall", "gather", "scatter", NULL};

#define PING_PONG .result = OSU_RESULT_LATENCY, .loops = {10000, 100}, .large_loops = {1000, 10}
#define WINDOWS   .first_B = 1, .loops = {100, 10}, .large_loops = {20, 2}
#define CALLS                                                                                      \
    .result = OSU_RESULT_COLLECTIVE, .measure = osu_measure_collective, .loops = {1000, 200},      \
    .large_loops = {100, 10}

const struct osu_row osu_rows[N_OSU_TESTS] = {
    [OSU_LATENCY] = {.title = "Latency Test",
                     PING_PONG,
                     .measure = osu_measure_latency,
                     .is_for_two = true},
    [OSU_BW] = {.title = "Bandwidth Test",
                WINDOWS,
                .result = OSU_RESULT_BANDWIDTH,
                .measure = osu_measure_bw,
                .is_for_two = true,
                .n_directions = 1},
    [OSU_BIBW] = {.title = "Bi-Directional Bandwidth Test",
                  WINDOWS,
                  .result = OSU_RESULT_BANDWIDTH,
                  .measure = osu_measure_bibw,
                  .is_for_two = true,
                  .n_directions = 2},
    [OSU_MBW_MR] = {.title = "Multiple Bandwidth / Message Rate Test",
                    WINDOWS,
                    .result = OSU_RESULT_RATE,
                    .measure = osu_measure_mbw_mr,
                    .n_directions = 1},
    [OSU_MULTI_LAT] = {.title = "Multi Latency Test", PING_PONG, .measure = osu_measure_multi_lat},
    [OSU_BARRIER] = {.title = "Barrier Latency Test",
                     .result = OSU_RESULT_BARRIER,
                     .measure = osu_measure_collective,
                     .loops = {100, 10}},
    [OSU_BCAST] = {.title = "Broadcast Latency Test", CALLS, .first_B = 1},
    /* These two add up MPI_FLOATs. */
    [OSU_REDUCE] = {.title = "Reduce Latency Test", CALLS, .first_B = 4},
    [OSU_ALLREDUCE] = {.title = "Allreduce Latency Test", CALLS, .first_B = 4},
    [OSU_ALLGATHER] = {.title = "Allgather Latency Test", CALLS, .first_B = 1, .n_wide_buffers = 1},
    [OSU_ALLTOALL] = {.title = "All-to-All Personalized Exchange Latency Test",
                      CALLS,
                      .first_B = 1,
                      .n_wide_buffers = 2},
    [OSU_GATHER] = {.title = "Gather Latency Test", CALLS, .first_B = 1, .n_wide_buffers = 1},
    [OSU_SCATTER] = {.title = "Scatter Latency Test", CALLS, .first_B = 1, .n_wide_buffers = 1},
};

/* --- sizes ---------------------------------------------------------------------------------- */

/* The largest size that is allowed; OSU keeps what has room for every rank below its limit. */
static double largest_B(const struct osu_spec *spec, int n_ranks)
{
    const bool is_wide = osu_rows[spec->test].n_wide_buffers > 0;
    return is_wide ? fmin(spec->max_B, floor(most_buffer_B / n_ranks)) : spec->max_B;
}

bool osu_size(const struct osu_spec *spec, int n_ranks, int index, uint64_t *size_B)
{
    uint64_t size = (uint64_t)osu_rows[spec->test].first_B;

    if (osu_rows[spec->test].result == OSU_RESULT_BARRIER) {
        *size_B = 0;
        return index == 0;
    }
    while ((double)size < spec->min_B)
        size = size > 0 ? 2 * size : 1;
    for (int i = 0; i < index; i++)
        size = size > 0 ? 2 * size : 1;
    if ((double)size > largest_B(spec, n_ranks))
        return false;
    *size_B = size;
    return true;
}

/* --- the program ---------------------------------------------------------------------------- */

struct osu_plan {
    struct osu_spec spec;
    int n_ranks;
};

int osu_count_pairs(const struct osu_spec *spec, int n_ranks)
{
    return spec->n_pairs > 0 ? spec->n_pairs : n_ranks / 2;
}

static struct osu_loops loops_of(const struct osu_spec *spec, uint64_t size_B)
{
    const struct osu_row *row = &osu_rows[spec->test];
    if (!spec->has_full_loops)
        return (struct osu_loops){spec->n_iterations, spec->n_warmup};

    struct osu_loops loops = size_B > LARGE_B ? row->large_loops : row->loops;
    if (row->result == OSU_RESULT_RATE && spec->window < USUAL_WINDOW) {
        loops.n_iterations *= USUAL_WINDOW / spec->window;
        loops.n_warmup *= USUAL_WINDOW / spec->window;
    }
    return loops;
}

static void size_part(const void *plan_, long index, struct rank *rank, void *state)
{
    const struct osu_plan *plan = plan_;
    const struct osu_spec *spec = &plan->spec;
    struct osu_point at = {.test = spec->test,
                           .window = spec->window,
                           .n_pairs = osu_count_pairs(spec, plan->n_ranks),
                           .slot = (int)index};
    const bool is_there = osu_size(spec, plan->n_ranks, (int)index, &at.size_B);
    (void)state;

    assert(is_there);
    const struct osu_loops loops = loops_of(spec, at.size_B);
    at.n_iterations = loops.n_iterations;
    at.n_warmup = loops.n_warmup;
    osu_rows[spec->test].measure(&at, rank);
}

static const struct phase osu_phases[] = {{.name = "one message size", .part = size_part}};

/* multi_lat has a barrier before everything and one after. */
static void enclose(const void *plan_, struct rank *rank, void *state)
{
    const struct osu_plan *plan = plan_;
    (void)state;

    if (plan->spec.test == OSU_MULTI_LAT)
        rank_barrier(rank, rank_world(rank));
}

static bool osu_step(const void *plan_, long index, struct step *step)
{
    const struct osu_plan *plan = plan_;
    uint64_t size_B;

    *step = (struct step){0, index};
    return osu_size(&plan->spec, plan->n_ranks, (int)index, &size_B);
}

static int osu_program_new(const void *spec, int n_ranks, struct program *program)
{
    struct osu_plan *plan = calloc(1, sizeof(struct osu_plan));

    *program = (struct program){.phases = osu_phases,
                                .n_phases = 1,
                                .plan = plan,
                                .n_ranks = n_ranks,
                                .begin = enclose,
                                .end = enclose,
                                .step = osu_step};
    if (!plan)
        return -ENOMEM;
    *plan = (struct osu_plan){.spec = *(const struct osu_spec *)spec, .n_ranks = n_ranks};
    return 0;
}

/* --- results -------------------------------------------------------------------------------- */

void osu_metric_name(char name[], const struct osu_spec *spec, const char *quantity,
                     uint64_t size_B)
{
    const size_t room = sizeof((struct metric *)0)->name;
    const int length = snprintf(name, room, "osu_%s_%s_%" PRIu64 "B", osu_test_names[spec->test],
                                quantity, size_B);
    assert((size_t)length < room);
}

static struct metric metric_at(const struct osu_spec *spec, const char *quantity, uint64_t size_B,
                               const char *unit, double value)
{
    struct metric metric = {
        .unit = unit, .value = value, .more_is_better = unit[0] != 'u', .digits = 3};
    osu_metric_name(metric.name, spec, quantity, size_B);
    return metric;
}

/* Metrics of one size, the one that counts first; returns how many. */
static int size_metrics(const struct osu_spec *spec, uint64_t size_B, const struct record *record,
                        struct metric metrics[])
{
    const struct osu_row *row = &osu_rows[spec->test];
    const double n = (double)record->n;
    const double mean_s = record->sum / n;
    const double rate = n / mean_s; /* messages per second of all pairs */

    if (row->result == OSU_RESULT_LATENCY || row->result == OSU_RESULT_COLLECTIVE)
        metrics[0] = metric_at(spec, "us", size_B, "us", mean_s * 1e6);
    else
        metrics[0] = metric_at(spec, "MBps", size_B, "MB/s",
                               (double)size_B * row->n_directions * rate * 1e-6);
    if (row->result == OSU_RESULT_RATE) {
        metrics[1] = metric_at(spec, "messages_per_s", size_B, "1/s", rate);
        return 2;
    }
    if (row->result == OSU_RESULT_COLLECTIVE) {
        metrics[1] = metric_at(spec, "min_us", size_B, "us", record->min * 1e6);
        metrics[2] = metric_at(spec, "max_us", size_B, "us", record->max * 1e6);
        return 3;
    }
    return 1;
}

/* The name without its size: the answer of the test. */
static struct metric answer_of(const struct metric *metric)
{
    struct metric answer = *metric;
    *strrchr(answer.name, '_') = '\0';
    return answer;
}

/* The answer moves on to a size if that is 8 B, or if its bandwidth is the highest so far. */
static bool is_better_answer(const struct metric *at, uint64_t size_B, const struct metric *answer)
{
    return at->more_is_better ? at->value > answer->value : size_B == ANSWER_SIZE_B;
}

static int barrier_metrics(const struct record *record, struct metric metrics[])
{
    const double mean_s = record->sum / (double)record->n;
    metrics[0] = (struct metric){"osu_barrier_us", "us", mean_s * 1e6, false, 3};
    metrics[1] = (struct metric){"osu_barrier_min_us", "us", record->min * 1e6, false, 3};
    metrics[2] = (struct metric){"osu_barrier_max_us", "us", record->max * 1e6, false, 3};
    return 3;
}

static int osu_metrics(const void *spec_, const struct outcome *outcome, struct metric metrics[])
{
    const struct osu_spec *spec = spec_;
    uint64_t size_B;
    int n = 1;

    if (spec->test == OSU_BARRIER)
        return barrier_metrics(&outcome->records[0], metrics);
    for (int i = 0; osu_size(spec, outcome->n_ranks, i, &size_B); i++) {
        const struct metric *at = &metrics[n];
        n += size_metrics(spec, size_B, &outcome->records[i], &metrics[n]);
        if (i == 0 || is_better_answer(at, size_B, &metrics[0]))
            metrics[0] = answer_of(at);
    }
    return n;
}
static_assert(3 * MAX_SIZES < WORKLOAD_MAX_METRICS, "metrics for every size");
static_assert((int)MAX_SIZES <= (int)RECORD_SLOTS, "a slot for every size");

/* --- scenario ------------------------------------------------------------------------------- */

static void check_ranks(const struct osu_spec *spec, int n_ranks, struct diagnostics *diagnostics)
{
    if (osu_rows[spec->test].is_for_two && n_ranks != 2)
        diagnostics_add_key(
            diagnostics, SEVERITY_ERROR, "workload.test",
            "set ranks: 2; mapping: cyclic puts them in two guests or on two bare nodes",
            "OSU's %s runs on exactly two ranks, the scenario has %d", osu_test_names[spec->test],
            n_ranks);
    else if (spec->n_pairs > n_ranks / 2)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.pairs", NULL,
                            "%d pairs need %ld ranks, the scenario has %d", spec->n_pairs,
                            2L * spec->n_pairs, n_ranks);
}

static void check_sizes(const struct osu_spec *spec, const struct scenario *scenario, int n_ranks,
                        struct diagnostics *diagnostics)
{
    const int n_wide = osu_rows[spec->test].n_wide_buffers;
    uint64_t size_B, largest = 0;

    for (int i = 0; osu_size(spec, n_ranks, i, &size_B); i++)
        largest = size_B;
    if (!osu_size(spec, n_ranks, 0, &size_B))
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.max_size", NULL,
                            "no message size is left: they are powers of two from min_size to "
                            "max_size, and what is for all ranks has room in 512 MiB");
    else
        check_rank_memory(scenario, diagnostics, "workload.max_size",
                          (double)largest * (n_wide * n_ranks + 2 - n_wide));
}

static void osu_check(const void *spec_, const struct scenario *scenario,
                      struct diagnostics *diagnostics)
{
    const struct osu_spec *spec = spec_;
    const int n_ranks = platform_rank_count(scenario);

    check_two_ranks(spec, scenario, diagnostics);
    if (n_ranks < 2)
        return;
    check_ranks(spec, n_ranks, diagnostics);
    check_sizes(spec, scenario, n_ranks, diagnostics);
}

static const struct field osu_fields[] = {
    {.key = "test",
     .kind = FIELD_CHOICE,
     .choices = osu_test_names,
     .fallback = "latency",
     .help = "Which of the OSU micro-benchmarks: latency is osu_latency, bw is osu_bw, ...",
     .offset = offsetof(struct osu_spec, test)},
    {.key = "min_size",
     .kind = FIELD_QUANTITY,
     .dimension = DIMENSION_BYTES,
     .min = 0,
     .max = 1073741824.0, /* 2^30 */
     .fallback = "0 B",
     .help = "Smallest message size. Sizes are powers of two; the latency tests have 0 B too, "
             "reduce and allreduce begin at 4 B.",
     .offset = offsetof(struct osu_spec, min_B)},
    {.key = "max_size",
     .kind = FIELD_QUANTITY,
     .dimension = DIMENSION_BYTES,
     .min = 1,
     .max = 1073741824.0,
     .fallback = "4 MiB",
     .help = "Largest message size; OSU's own collectives stop at 1 MiB unless told otherwise.",
     .offset = offsetof(struct osu_spec, max_B)},
    {.key = "iterations",
     FIELD_COUNT_UP_TO(1000000),
     .fallback = "5",
     .help = "Timed rounds of each size; simulated rounds repeat exactly, so few will do.",
     .offset = offsetof(struct osu_spec, n_iterations)},
    {.key = "warmup",
     .kind = FIELD_COUNT,
     .min = 0,
     .max = 1000000,
     .fallback = "1",
     .help = "Rounds before those.",
     .offset = offsetof(struct osu_spec, n_warmup)},
    {.key = "full_loops",
     .kind = FIELD_BOOL,
     .fallback = "false",
     .help = "As many rounds as OSU does, whatever iterations and warmup say: 10000 for latency, "
             "100 windows, 1000 collectives, and 1000, 20 and 100 of messages above 8 KiB.",
     .offset = offsetof(struct osu_spec, has_full_loops)},
    {.key = "window",
     FIELD_COUNT_UP_TO(OSU_MAX_WINDOW),
     .fallback = "64",
     .help = "bw, bibw, mbw_mr: messages that are sent without waiting.",
     .offset = offsetof(struct osu_spec, window)},
    {.key = "pairs",
     .kind = FIELD_COUNT,
     .min = 0,
     .max = 100000,
     .fallback = "0",
     .help = "mbw_mr, multi_lat: pairs of ranks, rank i and rank i + pairs; 0: half of the ranks.",
     .offset = offsetof(struct osu_spec, n_pairs)},
    {0}};

const struct workload workload_osu = {
    .name = "osu",
    .help = "OSU micro-benchmarks: latency, bandwidth, message rate and collectives by size",
    .about =
        "One kind of MPI traffic at a time, for message sizes from 1 B to 4 MiB. latency is a "
        "ping-pong of two ranks: at small sizes it is what every message pays, whatever it "
        "carries. Under virtualization that is the guest's stack and, twice each way, the "
        "notification and service of an I/O backend (QEMU, vhost, dom0), often several times the "
        "native figure. bw keeps a window of 64 messages under way, so latency is hidden and the "
        "slowest server on the way shows: the wire, or a backend that copies each byte or packet. "
        "Between the two, the size at which half of the peak is reached tells how large messages "
        "must be before a backend's cost per message stops to matter.\n\n"
        "bibw sends both ways at once: a full-duplex wire doubles its figure, but a backend that "
        "serves both directions, as QEMU's emulated NIC does, does not. mbw_mr and multi_lat use "
        "all cores of the nodes: pairs add up until the NIC or the backend binds, at once where "
        "one "
        "backend (dom0) serves all guests of a node, later where each guest has its own; but those "
        "then need cores, which the ranks hold if the MPI library polls. The collectives "
        "multiply all this by the steps of the algorithm that the MPI library picks: log2 of the "
        "ranks in a barrier or a small allreduce, as many as there are ranks in an alltoall.",
    .fields = osu_fields,
    .spec_size = sizeof(struct osu_spec),
    .check = osu_check,
    .program_new = osu_program_new,
    .program_free = program_free_plan,
    .metrics = osu_metrics,
    .print = osu_print,
};
