/*
 * memory_stream.c - bytes between a core and its memory or caches: reading, copying, and STREAM's
 * triad, on 1 to all ranks of a host at once.
 *
 * Arrays of each rank are beyond all caches, or in the first cache, in a core's largest one, in the
 * last one. Bytes are counted as STREAM counts them: what the loop reads and writes, without the
 * lines that are read only to be overwritten. Memory is that of the core's own NUMA node, as each
 * rank touches its arrays first. Loops are compiled as distributions compile programs (-O2); what
 * vector units or special stores would reach beyond is not measured. Parameters of a node:
 * memory_bandwidth, caches.bandwidth, rates.memory (raw.h). Left out: memory of another NUMA node.
 */
#include "kernel_memory.h"
#include "machine.h"
#include "repeat.h"
#include "workspace.h"

#include <math.h>

static const double first_cache_B = 12 << 10; /* well within 32 KiB, with the stack */
static const double guess_Bps = 5e9;          /* for time tables alone */
static const double triad_factor = 0.42;

static volatile uint64_t sink;

struct streams {
    size_t n; /* words of each array */
    double *a, *b, *c;
    uint64_t *words; /* in their place where they are only read */
};

static void read_streams(void *data, long n)
{
    const struct streams *s = data;
    for (long i = 0; i < n; i++)
        sink = stream_read(s->n, s->words);
}

static void copy_streams(void *data, long n)
{
    const struct streams *s = data;
    for (long i = 0; i < n; i++)
        stream_copy(s->n, s->a, s->c);
}

static void triad_streams(void *data, long n)
{
    const struct streams *s = data;
    for (long i = 0; i < n; i++)
        stream_triad(s->n, s->a, s->b, s->c, triad_factor);
}

static const struct stream_kind {
    enum raw_operation operation;
    int n_arrays;
    repeated_work *work;
} kinds[] = {
    {RAW_READ, 1, read_streams},
    {RAW_COPY, 2, copy_streams},
    {RAW_TRIAD, 3, triad_streams},
};

static const struct stream_kind *kind_of(enum raw_operation operation)
{
    const struct stream_kind *kind = kinds;
    while (kind->operation != operation)
        kind++;
    return kind;
}

/* Bytes of arrays, rounded down so that each has whole lines. */
static double whole_B(double size_B, int n_arrays)
{
    const double unit_B = 8.0 * sizeof(double) * n_arrays;
    return floor(size_B / unit_B) * unit_B;
}

static void plan_size(const struct measure *measure, enum thoroughness counts, struct plan *plan,
                      enum raw_operation operation, double size_B)
{
    const double bytes = whole_B(size_B, kind_of(operation)->n_arrays);
    const struct raw_cell cell = {.operation = operation, .size_B = bytes, .argument = {bytes}};
    repeat_plan(measure, counts, plan, cell, bytes / guess_Bps);
}

static void plan_streams(const struct measure *measure, const struct plan_request *request,
                         struct plan *plan, enum raw_operation operation)
{
    if (measure->is_simulated)
        return;
    const struct machine *machine = machine_of(measure);
    const double all_ranks = team_largest(measure);
    const double last_B = machine->last_cache_B / all_ranks;
    plan_size(measure, request->thoroughness, plan, operation, machine->beyond_B);
    plan_size(measure, QUICK, plan, operation, first_cache_B);
    plan_size(measure, QUICK, plan, operation, machine->core_cache_B / 2.0);
    /* What all ranks together keep in the last cache, half of it beside what is theirs alone. */
    if (last_B > 2.0 * machine->core_cache_B)
        plan_size(measure, QUICK, plan, operation, last_B / 2.0);
}

static struct streams make_streams(void *memory, size_t n, int n_arrays)
{
    struct streams streams = {.n = n};

    if (n_arrays == 1) {
        streams.words = memory;
        for (size_t i = 0; i < n; i++)
            streams.words[i] = i;
        return streams;
    }
    streams.a = memory;
    streams.b = streams.a + n;
    streams.c = n_arrays == 2 ? streams.b : streams.b + n;
    for (size_t i = 0; i < n * (size_t)n_arrays; i++)
        streams.a[i] = 2.385;
    return streams;
}

static int streams_of_team(const struct measure *measure, const struct raw_cell *cell,
                           const struct team *team, struct visit *visit)
{
    const struct stream_kind *kind = kind_of(cell->operation);
    const size_t n = (size_t)cell->size_B / sizeof(double) / (size_t)kind->n_arrays;
    void *memory = workspace_of(WORKSPACE_ARRAYS, (size_t)cell->size_B);
    if (!memory)
        return MPI_ERR_NO_MEM;
    struct streams streams = make_streams(memory, n, kind->n_arrays);
    return repeat_work(measure, team, kind->work, &streams, visit);
}

static void plan_read(const struct measure *measure, const struct plan_request *request,
                      struct plan *plan)
{
    plan_streams(measure, request, plan, RAW_READ);
}

static void plan_copy(const struct measure *measure, const struct plan_request *request,
                      struct plan *plan)
{
    plan_streams(measure, request, plan, RAW_COPY);
}

static void plan_triad(const struct measure *measure, const struct plan_request *request,
                       struct plan *plan)
{
    plan_streams(measure, request, plan, RAW_TRIAD);
}

const struct operation operation_read = {
    .kind = RAW_READ,
    .help = "reading arrays, from memory and from caches, on 1 to all ranks of a host",
    .plan = plan_read,
    .visit = repeat_visit,
    .of_team = streams_of_team,
};

const struct operation operation_copy = {
    .kind = RAW_COPY,
    .help = "copying an array, likewise",
    .plan = plan_copy,
    .visit = repeat_visit,
    .of_team = streams_of_team,
};

const struct operation operation_triad = {
    .kind = RAW_TRIAD,
    .help = "STREAM's triad, likewise",
    .plan = plan_triad,
    .visit = repeat_visit,
    .of_team = streams_of_team,
};
