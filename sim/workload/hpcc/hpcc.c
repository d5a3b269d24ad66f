#include "hpcc.h"
#include "hpcc_parts.h"
#include "hpcc_summary.h"

#include "sim/input/hpldat.h"
#include "sim/input/scenario.h"
#include "sim/workload/shared.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* That a test records into: two message sizes on each of the rings. */
enum { PART_SLOTS = 2 * (RING_MAX_RANDOM + 1) };

/* --- the program ---------------------------------------------------------------------------- */

struct suite {
    int n;
    struct program programs[N_HPCC_COMPONENTS];
    const struct workload *owners[N_HPCC_COMPONENTS];
};

static const void *spec_of(const struct hpcc_parts *parts, const struct hpcc_component *component)
{
    return (const char *)parts + component->spec;
}

static void hpcc_program_free(struct program *program)
{
    struct suite *suite = (struct suite *)program->plan;

    for (int i = 0; suite && i < suite->n; i++)
        suite->owners[i]->program_free(&suite->programs[i]);
    free(suite);
    *program = (struct program){0};
}

static int hpcc_program_new(const void *spec, int n_ranks, struct program *program)
{
    const struct hpcc_parts parts = hpcc_parts_of(spec);
    struct suite *suite = calloc(1, sizeof *suite);

    *program = (struct program){.plan = suite};
    if (!suite)
        return -ENOMEM;
    for (int i = 0; i < N_HPCC_COMPONENTS; i++) {
        const struct hpcc_component *component = &hpcc_components[i];
        if (!hpcc_runs(spec, component))
            continue;
        const int status = component->workload->program_new(spec_of(&parts, component), n_ranks,
                                                            &suite->programs[suite->n]);
        if (status != 0) {
            hpcc_program_free(program);
            return status;
        }
        suite->owners[suite->n++] = component->workload;
    }
    *program = program_suite(suite->n, suite->programs, PART_SLOTS);
    program->plan = suite;
    return 0;
}

/* --- results -------------------------------------------------------------------------------- */

static int component_metrics(const struct hpcc_parts *parts, const struct hpcc_component *component,
                             const struct outcome *outcome, int part, struct metric metrics[])
{
    struct outcome own;

    program_part_outcome(outcome, PART_SLOTS, part, &own);
    const int n = component->workload->metrics(spec_of(parts, component), &own, metrics);
    for (int i = 0; i < n; i++) {
        const struct metric metric = metrics[i];
        const int length = snprintf(metrics[i].name, sizeof metrics[i].name, "%s%s",
                                    component->prefix, metric.name);
        assert(length < (int)sizeof metrics[i].name);
    }
    return n;
}

/* HPL's come first, though it runs last: its rate is the answer of the suite. */
static int hpcc_metrics(const void *spec, const struct outcome *outcome, struct metric metrics[])
{
    const struct hpcc_parts parts = hpcc_parts_of(spec);
    int n_parts = 0, n = 0;
    int part_of[N_HPCC_COMPONENTS];

    for (int i = 0; i < N_HPCC_COMPONENTS; i++)
        part_of[i] = hpcc_runs(spec, &hpcc_components[i]) ? n_parts++ : -1;
    for (int i = 0; i < N_HPCC_COMPONENTS; i++) {
        const int which = (i + N_HPCC_COMPONENTS - 1) % N_HPCC_COMPONENTS;
        if (part_of[which] >= 0)
            n += component_metrics(&parts, &hpcc_components[which], outcome, part_of[which],
                                   &metrics[n]);
    }
    return n;
}

/* --- scenario ------------------------------------------------------------------------------- */

static void check_tests(const struct hpcc_spec *spec, const struct scenario *scenario,
                        struct diagnostics *diagnostics)
{
    bool any = false;

    for (int i = 0; i < N_HPCC_COMPONENTS; i++)
        any = any || hpcc_runs(spec, &hpcc_components[i]);
    if (!any)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.tests",
                            "leave at least one of them true", "no test of the suite is left");
    if ((spec->tests.pingpong || spec->tests.ring) && platform_rank_count(scenario) < 2)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.kind",
                            "set ranks to 2 or more, or workload.tests.pingpong and "
                            "workload.tests.ring to false",
                            "ping-pong and rings need at least two ranks to communicate");
}

/* RandomAccess draws no updates from less than a KiB a rank; others need an element. */
static void check_sizes(const struct hpcc_spec *spec, struct diagnostics *diagnostics)
{
    const struct hpcc_parts parts = hpcc_parts_of(spec);

    if (parts.ptrans.n < 1 || parts.mpi_access.hpl_memory_B < 1024.0)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.n",
                            "every test takes its size from HPL's N",
                            "N = %ld on %d x %d processes leaves less than 1 KiB for a process",
                            spec->hpl.n, spec->hpl.p, spec->hpl.q);
}

/* What the tests say of their own; they would say again that the memory is too small. */
static void check_parts(const struct hpcc_spec *spec, const struct scenario *scenario,
                        struct diagnostics *diagnostics)
{
    const struct hpcc_parts parts = hpcc_parts_of(spec);

    if (diagnostics_count(diagnostics, SEVERITY_ERROR) > 0)
        return;
    if (spec->tests.random_access || spec->tests.random_access_lcg)
        workload_random_access.check(&parts.mpi_access, scenario, diagnostics);
    if (spec->tests.fft)
        workload_fft.check(&parts.mpi_fft, scenario, diagnostics);
}

static void hpcc_check(const void *spec, const struct scenario *scenario,
                       struct diagnostics *diagnostics)
{
    hpl_check(&((const struct hpcc_spec *)spec)->hpl, scenario, diagnostics);
    check_tests(spec, scenario, diagnostics);
    check_sizes(spec, diagnostics);
    check_parts(spec, scenario, diagnostics);
}

#define TEST(name, what)                                                                           \
    {                                                                                              \
        .key = #name, .kind = FIELD_BOOL, .fallback = "true", .help = (what),                      \
        .offset = offsetof(struct hpcc_tests, name)                                                \
    }

static const struct field test_fields[] = {
    TEST(random_access, "Run random updates of tables over all ranks, on every rank, then on one."),
    TEST(random_access_lcg, "Run the same with the linear congruential generator."),
    TEST(ptrans, "Run the matrix transposition."),
    TEST(dgemm, "Run the matrix multiplication on all ranks, then on one."),
    TEST(stream, "Run the memory benchmark on all ranks, then on one."),
    TEST(fft, "Run the Fourier transform over all ranks, on every rank, then on one."),
    TEST(pingpong, "Run the ping-pong."),
    TEST(ring, "Run the natural and the random rings."),
    TEST(hpl, "Run High-Performance Linpack."),
    {0}};

static_assert(offsetof(struct hpcc_spec, hpl) == 0, "HPL's rows fill the beginning");

static const struct field hpcc_fields[] = {
#include "sim/workload/hpl/hpl_rows.inc"
    {.key = "tests",
     .kind = FIELD_GROUP,
     .fields = test_fields,
     .help = "Which tests of the suite run; those that do not are -1 in its summary, as HPCC "
             "has it.",
     .offset = offsetof(struct hpcc_spec, tests)},
    {.key = "clients", PINGPONG_CLIENTS, .offset = offsetof(struct hpcc_spec, n_clients)},
    {.key = "algorithm", RANDOM_ACCESS_ALGORITHM, .offset = offsetof(struct hpcc_spec, algorithm)},
    {.key = "suite_seed",
     FIELD_SEED,
     .fallback = "1",
     .help = "Seed of the random process grids and rings.",
     .offset = offsetof(struct hpcc_spec, seed)},
    {0}};

const struct workload workload_hpcc = {
    .name = "hpcc",
    .help = "HPC Challenge 1.5: all its tests in its order, with sizes from HPL's N, P and Q",
    .about = "Runs the tests of the HPC Challenge one after the other as HPCC 1.5.0 does: "
             "RandomAccess, PTRANS, DGEMM, STREAM, FFT, ping-pong, rings and HPL. All sizes follow "
             "from HPL's N, P and Q: 8 N^2 / (P Q) bytes a process are what each test fills. The "
             "grid may be smaller than the number of ranks; HPL and PTRANS then leave ranks idle, "
             "as the real program does. A file hpccinf.txt can be read as it is, and `vhpcsim run "
             "--program-output` prints the summary of hpccoutf.txt.\n"
             "Together the tests separate what one number mixes: DGEMM shows the cores, STREAM the "
             "memory that cores share, the local RandomAccess its latency, ping-pong an idle "
             "network, rings, PTRANS and FFT one that everybody uses at once, the global "
             "RandomAccess its small messages, and HPL what an application makes of it all. "
             "Whoever knows where a technology loses in the first ones understands where it loses "
             "in HPL, which also takes nearly all of the time. Each test has its own entry, such "
             "as `vhpcsim explain ptrans`.",
    .fields = hpcc_fields,
    .spec_size = sizeof(struct hpcc_spec),
    .read_file = hpccinf_read,
    .check = hpcc_check,
    .program_new = hpcc_program_new,
    .program_free = hpcc_program_free,
    .metrics = hpcc_metrics,
    .print = hpcc_summary_print,
};
