#include "disk.h"

#include "models/storage.h"
#include "sim/input/scenario.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static const struct disk_test {
    const char *name;
    enum disk_operation operation;
    enum disk_order order;
} tests[] = {
    {"write", DISK_WRITE, DISK_SEQUENTIAL},  {"rewrite", DISK_WRITE, DISK_SEQUENTIAL},
    {"read", DISK_READ, DISK_SEQUENTIAL},    {"reread", DISK_READ, DISK_SEQUENTIAL},
    {"random_read", DISK_READ, DISK_RANDOM}, {"random_write", DISK_WRITE, DISK_RANDOM},
};
enum { TEST_WRITE, TEST_READ = 2, TEST_RANDOM_READ = 4, TEST_RANDOM_WRITE, N_TESTS };
static_assert(sizeof tests / sizeof tests[0] == N_TESTS, "a name for every test");

/* From 512 B to 1 GiB. */
enum { MAX_SIZES = 22 };

enum { N_ANSWERS = 6 };

/* A test that takes longer than this in simulated time (three years) is a mistake. */
static const double longest_test_s = 1e8;

/* A disk without any cost would be infinitely fast. */
static const double shortest_test_s = 1e-9;

/* --- sizes ---------------------------------------------------------------------------------- */

/* The smallest power of two from `size_B` on. */
static double power_of_two_from(double size_B)
{
    double power_B = 1.0;
    while (power_B < size_B)
        power_B *= 2.0;
    return power_B;
}

/* Record size number `index`, from 0; 0 where there is none. No record is larger than the file. */
static double record_size_B(const struct disk_spec *spec, int index)
{
    const double record_B = ldexp(power_of_two_from(spec->min_record_B), index);
    return record_B <= spec->max_record_B && record_B <= spec->file_B ? record_B : 0.0;
}

static int count_sizes(const struct disk_spec *spec)
{
    int n = 0;
    while (record_size_B(spec, n) > 0.0)
        n++;
    return n;
}

static struct disk_access access_of(const struct disk_spec *spec, int size, int test)
{
    const double record_B = record_size_B(spec, size);
    return (struct disk_access){.operation = tests[test].operation,
                                .order = tests[test].order,
                                .record_B = record_B,
                                .n_records = floor(spec->file_B / record_B),
                                .is_buffered = !spec->is_direct,
                                .is_by_all = spec->ranks == RANKS_STAR};
}

/* --- the program ---------------------------------------------------------------------------- */

/* Iteration: size * N_TESTS + test, which also is the slot. */
static void test_part(const void *plan, long iteration, struct rank *rank, void *state)
{
    const struct disk_spec *spec = plan;
    struct disk_access access = access_of(spec, (int)iteration / N_TESTS, (int)iteration % N_TESTS);
    (void)state;

    rank_barrier(rank, rank_world(rank));
    const double start_s = rank_time_s(rank);
    rank_disk(rank, &access);
    const double taken_s = fmax(rank_time_s(rank) - start_s, shortest_test_s);
    rank_record(rank, (int)iteration, disk_access_B(&access) / taken_s);
    if (access.operation == DISK_WRITE && !spec->is_direct) {
        access.operation = DISK_FLUSH;
        rank_disk(rank, &access);
    }
}

static const struct phase disk_phases[] = {{.name = "one test of a file", .part = test_part}};

static bool disk_step(const void *plan, long index, struct step *step)
{
    *step = (struct step){0, index};
    return index < (long)count_sizes(plan) * N_TESTS;
}

static int disk_program_new(const void *spec_, int n_ranks, struct program *program)
{
    const struct disk_spec *spec = spec_;
    struct disk_spec *plan = malloc(sizeof *plan);

    *program = (struct program){.phases = disk_phases,
                                .n_phases = 1,
                                .plan = plan,
                                .n_ranks = spec->ranks == RANKS_SINGLE ? 1 : n_ranks,
                                .step = disk_step};
    if (!plan)
        return -ENOMEM;
    *plan = *spec;
    return 0;
}

/* --- results -------------------------------------------------------------------------------- */

static double rate_Bps(const struct outcome *outcome, int size, int test)
{
    return outcome->records[size * N_TESTS + test].sum;
}

static void name_metric(char name[], int test, double record_B)
{
    const size_t room = sizeof((struct metric *)0)->name;
    const int length = snprintf(name, room, "disk_%s_MBps_%.0fB", tests[test].name, record_B);
    assert((size_t)length < room);
}

/* The six answers; returns how many there are. */
static int answers(const struct disk_spec *spec, const struct outcome *outcome,
                   struct metric metrics[])
{
    const int largest = count_sizes(spec) - 1;
    const double smallest_B = record_size_B(spec, 0);
    metrics[0] = (struct metric){"disk_write_MBps", "MB/s",
                                 rate_Bps(outcome, largest, TEST_WRITE) * 1e-6, true, 3};
    metrics[1] = (struct metric){"disk_read_MBps", "MB/s",
                                 rate_Bps(outcome, largest, TEST_READ) * 1e-6, true, 3};
    metrics[2] = (struct metric){"disk_random_read_iops", "1/s",
                                 rate_Bps(outcome, 0, TEST_RANDOM_READ) / smallest_B, true, 3};
    metrics[3] = (struct metric){"disk_random_write_iops", "1/s",
                                 rate_Bps(outcome, 0, TEST_RANDOM_WRITE) / smallest_B, true, 3};
    metrics[4] = (struct metric){"disk_random_read_MBps", "MB/s",
                                 rate_Bps(outcome, largest, TEST_RANDOM_READ) * 1e-6, true, 3};
    metrics[5] = (struct metric){"disk_random_write_MBps", "MB/s",
                                 rate_Bps(outcome, largest, TEST_RANDOM_WRITE) * 1e-6, true, 3};
    return N_ANSWERS;
}

static int disk_metrics(const void *spec, const struct outcome *outcome, struct metric metrics[])
{
    int n = answers(spec, outcome, metrics);

    for (int size = 0; size < count_sizes(spec); size++)
        for (int test = 0; test < N_TESTS; test++) {
            metrics[n] = (struct metric){.unit = "MB/s",
                                         .value = rate_Bps(outcome, size, test) * 1e-6,
                                         .more_is_better = true,
                                         .digits = 3};
            name_metric(metrics[n++].name, test, record_size_B(spec, size));
        }
    return n;
}
static_assert((int)N_ANSWERS + MAX_SIZES * (int)N_TESTS <= (int)WORKLOAD_MAX_METRICS,
              "metrics for every test");

/* IOzone's table: kB are 1024 bytes, rates are in kB/s. */
static void disk_print(const void *spec_, const struct scenario *scenario, int n,
                       const struct metric metrics[], FILE *out)
{
    const struct disk_spec *spec = spec_;
    (void)scenario;

    fprintf(out, "%68s%10s\n%16s%8s%9s%9s%8s%10s%8s%10s\n", "random", "random", "kB", "reclen",
            "write", "rewrite", "read", "reread", "read", "write");
    for (int size = 0; size < count_sizes(spec); size++) {
        const double record_B = record_size_B(spec, size);
        fprintf(out, "%16.0f%8.*f", spec->file_B / 1024.0, record_B < 1024.0, record_B / 1024.0);
        for (int test = 0; test < N_TESTS; test++) {
            char name[sizeof metrics->name];
            name_metric(name, test, record_B);
            const struct metric *metric = metric_find(n, metrics, name);
            fprintf(out, "%9.0f", metric ? metric->value * 1e6 / 1024.0 : 0.0);
        }
        fputc('\n', out);
    }
}

/* --- scenario ------------------------------------------------------------------------------- */

static void disk_check(const void *spec_, const struct scenario *scenario,
                       struct diagnostics *diagnostics)
{
    const struct disk_spec *spec = spec_;
    if (count_sizes(spec) == 0) {
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.max_record_size", NULL,
                            "no record size is left: they are powers of two from min_record_size "
                            "to max_record_size, and no larger than the file");
        return;
    }
    const struct storage storage = platform_scenario_storage(scenario);
    const int n_ranks = spec->ranks == RANKS_SINGLE ? 1 : platform_rank_count(scenario);
    double test_s = 0.0;
    for (int test = 0; test < N_TESTS; test++) {
        const struct disk_access access = access_of(spec, 0, test);
        const struct storage_cost cost = storage_cost_of(&storage, &access);
        test_s = fmax(test_s, storage_cost_alone_s(&cost) * n_ranks);
    }
    if (!(test_s <= longest_test_s))
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.file_size",
                            "make the file smaller, or its records larger",
                            "a test of the file takes the disk %.3g s", test_s);
}

#define RECORD_SIZE                                                                                \
    .kind = FIELD_QUANTITY, .dimension = DIMENSION_BYTES, .min = 512, .max = 1073741824.0

static const struct field disk_fields[] = {
    {.key = "ranks",
     .kind = FIELD_CHOICE,
     .choices = ranks_at_work_names,
     .fallback = "single",
     .help = "star: every rank has a file of its own, at the same time; single: rank 0 alone.",
     .offset = offsetof(struct disk_spec, ranks)},
    {.key = "file_size",
     .kind = FIELD_QUANTITY,
     .dimension = DIMENSION_BYTES,
     .min = 512,
     .max = 1e15,
     .fallback = "512 MiB",
     .help = "Size of each rank's file.",
     .offset = offsetof(struct disk_spec, file_B)},
    {.key = "min_record_size",
     RECORD_SIZE,
     .fallback = "4 KiB",
     .help = "Smallest record, which one system call reads or writes; sizes are powers of two.",
     .offset = offsetof(struct disk_spec, min_record_B)},
    {.key = "max_record_size",
     RECORD_SIZE,
     .fallback = "16 MiB",
     .help = "Largest record.",
     .offset = offsetof(struct disk_spec, max_record_B)},
    {.key = "direct",
     .kind = FIELD_BOOL,
     .fallback = "true",
     .help = "true: records go to the disk, or the guest's (IOzone -I); false: through the page "
             "cache of the ranks' operating system, as usual.",
     .offset = offsetof(struct disk_spec, is_direct)},
    {0}};

static bool uses_disk(const void *spec)
{
    (void)spec;
    return true;
}

const struct workload workload_disk = {
    .name = "disk",
    .help = "IOzone's and dd's tests of a disk: write, read, random read and write by record size",
    .about =
        "Writes, rewrites, reads and rereads a file from its begin to its end, then reads and "
        "writes its records in random order, for record sizes from 4 KiB to 16 MiB. In order, the "
        "disk's bandwidth binds, and for small records the cost of each operation: system call, "
        "driver, command. At random, a disk with moving parts does some eighty records a second "
        "whatever their size, until they are so large that the transfer takes longer than the "
        "seek.\n\n"
        "The disk belongs to the node: guests of one node share it (ranks: star), however many "
        "cores each has, and two that read in order get half each. A guest's requests pass its "
        "hypervisor, which costs time for each, and lie in an image (virtualization.disk): a block "
        "device is nearly the disk itself, files are handled in pieces and write metadata.\n\n"
        "With direct: false, page caches make figures differ from the disk's both ways. A file "
        "that "
        "fits memory is read from there. Of a larger one, random reads find a part in memory and "
        "beat reads in order, which find nothing; writes end while a part still waits in memory. "
        "What to look at is the file's size beside the guest's memory, and the host's behind it.",
    .fields = disk_fields,
    .spec_size = sizeof(struct disk_spec),
    .uses_disk = uses_disk,
    .check = disk_check,
    .program_new = disk_program_new,
    .program_free = program_free_plan,
    .metrics = disk_metrics,
    .print = disk_print,
};
