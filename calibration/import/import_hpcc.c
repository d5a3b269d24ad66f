/*
 * import_hpcc.c - the summary of hpccoutf.txt.
 *
 * DGEMM, STREAM, FFT, RandomAccess of single processes and of all at once ("Star"), and the
 * ping-pong are microbenchmarks. HPL, PTRANS, MPIFFT, MPIRandomAccess and the rings are what a
 * simulator predicts: they are kept beside as results and never become parameters.
 */
#include "import_lines.h"
#include "plausible.h"

#include <math.h>
#include <string.h>

enum { MAX_KEYS = 256, KEY_B = 48 };

static const double pingpong_short_B = 8.0, pingpong_long_B = 2e6; /* HPCC's bench_lat_bw */
static const double stream_arrays = 3.0, element_B = 8.0;
static const double updates_an_entry = 4.0; /* of RandomAccess' table */

/* The summary: keys and numbers. */
struct summary {
    struct import *import;
    int n;
    struct entry {
        char key[KEY_B];
        double value;
        int line;
    } entries[MAX_KEYS];
};

static bool is_hpcc(const struct import_text *source)
{
    return memmem(source->text, source->length, "Begin of Summary section.", 25) != NULL;
}

static void add_entry(struct summary *summary, const struct import_line *line)
{
    const char *equals = memchr(line->start, '=', line->length);
    const size_t length = equals ? (size_t)(equals - line->start) : 0;
    struct entry *entry = &summary->entries[summary->n];

    if (!equals || length >= KEY_B || summary->n == MAX_KEYS)
        return;
    memcpy(entry->key, line->start, length);
    entry->key[length] = '\0';
    entry->line = line->number;
    if (import_line_number(line, "=", &entry->value))
        summary->n++;
}

static void read_summary(struct summary *summary)
{
    struct import_line line;
    bool is_inside = false, has_ended = false;

    import_lines_begin(&line, &summary->import->source);
    while (import_next_line(&line) && !has_ended) {
        has_ended = import_line_begins(&line, "End of Summary section.");
        if (is_inside && !has_ended)
            add_entry(summary, &line);
        is_inside = is_inside || import_line_begins(&line, "Begin of Summary section.");
    }
    if (!has_ended)
        import_complain(summary->import, SEVERITY_ERROR, line.number, 0,
                        "HPCC writes \"End of Summary section.\" when it is done",
                        "the summary is cut short");
}

/* NULL: the summary has no such key, or a number that is not above 0. */
static const struct entry *find(const struct summary *summary, const char *key)
{
    for (int i = 0; i < summary->n; i++) {
        if (strcmp(summary->entries[i].key, key) == 0 && summary->entries[i].value > 0.0)
            return &summary->entries[i];
    }
    return NULL;
}

static double value_of(const struct summary *summary, const char *key)
{
    const struct entry *entry = find(summary, key);
    return entry ? entry->value : 0.0;
}

static void add(const struct summary *summary, const struct entry *entry,
                const struct raw_cell *cell, double time_s)
{
    const char *reason = implausible(cell, time_s);
    if (reason)
        import_complain(summary->import, SEVERITY_WARNING, entry->line, 1, reason,
                        "%s is not believed", entry->key);
    else
        import_time(summary->import, cell, time_s);
}

/* Amounts of work behind a rate: what one process did, in units of the rate. */
struct kernel {
    const char *suffix; /* behind "Single" and "Star" */
    enum raw_operation operation;
    const char *size_key; /* the problem's size n */
};

static const struct kernel kernels[] = {
    {"DGEMM_Gflops", RAW_DGEMM, "DGEMM_N"},
    {"STREAM_Copy", RAW_COPY, "STREAM_VectorSize"},
    {"STREAM_Triad", RAW_TRIAD, "STREAM_VectorSize"},
    {"FFT_Gflops", RAW_FFT, "FFT_N"},
    {"RandomAccess_GUPs", RAW_ACCESS, "RandomAccess_N"},
};

/* The cell of a kernel of size n, and what of it the rate counts (flop, bytes, updates). */
static struct raw_cell kernel_cell(const struct kernel *kernel, double n, int n_active,
                                   double *amount)
{
    struct raw_cell cell = {.operation = kernel->operation,
                            .path = RAW_NOWHERE,
                            .n_active = n_active,
                            .partner = -1,
                            .argument = {n}};
    switch (kernel->operation) {
    case RAW_DGEMM:
        cell.argument[1] = cell.argument[2] = n;
        *amount = 2.0 * n * n * n;
        break;
    case RAW_COPY:
    case RAW_TRIAD:
        cell.size_B = stream_arrays * n * element_B;
        cell.argument[0] = *amount = (kernel->operation == RAW_COPY ? 2.0 : 3.0) * n * element_B;
        break;
    case RAW_FFT:
        *amount = 5.0 * n * log2(n);
        break;
    default:
        cell.size_B = n * element_B;
        cell.argument[0] = *amount = updates_an_entry * n;
        break;
    }
    return cell;
}

static void read_kernel(const struct summary *summary, const struct kernel *kernel,
                        const char *prefix, int n_active)
{
    char key[KEY_B];
    double amount;

    snprintf(key, sizeof key, "%s%s", prefix, kernel->suffix);
    const struct entry *rate = find(summary, key);
    const double n = value_of(summary, kernel->size_key);
    if (!rate || n <= 1.0)
        return;
    const struct raw_cell cell = kernel_cell(kernel, n, n_active, &amount);
    add(summary, rate, &cell, amount / (rate->value * 1e9));
}

static void read_pingpong(const struct summary *summary)
{
    const struct entry *latency = find(summary, "AvgPingPongLatency_usec"),
                       *bandwidth = find(summary, "AvgPingPongBandwidth_GBytes");
    struct raw_cell cell = {.operation = RAW_PINGPONG,
                            .path = summary->import->source.network,
                            .n_active = 2,
                            .partner = 1};
    cell.size_B = pingpong_short_B;
    if (latency)
        add(summary, latency, &cell, latency->value * 1e-6);
    cell.size_B = pingpong_long_B;
    if (bandwidth)
        add(summary, bandwidth, &cell, pingpong_long_B / (bandwidth->value * 1e9));
}

static void keep_results(const struct summary *summary)
{
    static const struct {
        const char *key, *metric;
        double scale;
    } results[] = {
        {"HPL_Tflops", "hpl_gflops", 1e3},
        {"PTRANS_GBs", "ptrans_GBps", 1.0},
        {"MPIFFT_Gflops", "mpi_fft_gflops", 1.0},
        {"MPIRandomAccess_GUPs", "mpi_gups", 1.0},
        {"RandomlyOrderedRingLatency_usec", "ring_latency_us", 1.0},
        {"RandomlyOrderedRingBandwidth_GBytes", "ring_bandwidth_GBps", 1.0},
        {"NaturallyOrderedRingLatency_usec", "natural_ring_latency_us", 1.0},
        {"NaturallyOrderedRingBandwidth_GBytes", "natural_ring_bandwidth_GBps", 1.0},
    };
    for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
        const double value = value_of(summary, results[i].key);
        if (value > 0.0)
            import_result(summary->import, results[i].metric, value * results[i].scale);
    }
}

static void read_hpcc(struct import *import)
{
    struct summary summary = {.import = import};

    read_summary(&summary);
    const int n_ranks = (int)fmin(value_of(&summary, "CommWorldProcs"), 1e6);
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        read_kernel(&summary, &kernels[i], "Single", 1);
        if (n_ranks > 1)
            read_kernel(&summary, &kernels[i], "Star", n_ranks);
    }
    read_pingpong(&summary);
    keep_results(&summary);
}

const struct importer import_hpcc = {
    .name = "HPC Challenge",
    .example = "\"Begin of Summary section.\", then lines key=value",
    .is_it = is_hpcc,
    .read = read_hpcc,
};
