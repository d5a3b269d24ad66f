/*
 * import_imb.c - Intel MPI Benchmarks: blocks of "# Benchmarking NAME", "# #processes = N" and rows
 * of bytes, repetitions and microseconds; three columns of these (shortest, longest and mean of the
 * ranks) where all ranks take part. The longest is taken there, as in our own measurements.
 * Rows that read "time-out" or "int-overflow" were not measured.
 */
#include "import_lines.h"

#include <string.h>

enum { HEAD_LINES = 40, WORST_COLUMN = 3 };

struct benchmark {
    const char *name;
    enum raw_operation operation;
    int time_column;
    bool is_collective;
};

static const struct benchmark benchmarks[] = {
    {"PingPong", RAW_PINGPONG, 2, false},
    {"Sendrecv", RAW_RING, WORST_COLUMN, true},
    {"Bcast", RAW_BCAST, WORST_COLUMN, true},
    {"Allreduce", RAW_ALLREDUCE, WORST_COLUMN, true},
    {"Alltoall", RAW_ALLTOALL, WORST_COLUMN, true},
};

static bool is_imb(const struct import_text *source)
{
    return import_has_line(source, "#    Intel(R) MPI Benchmarks", HEAD_LINES) ||
           import_has_line(source, "# Benchmarking ", HEAD_LINES);
}

static const struct benchmark *benchmark_named(const char *name)
{
    for (size_t i = 0; i < sizeof benchmarks / sizeof *benchmarks; i++) {
        if (strcmp(benchmarks[i].name, name) == 0)
            return &benchmarks[i];
    }
    return NULL;
}

static bool was_measured(const struct import_line *line)
{
    for (int i = 0; i < line->n_words; i++) {
        if (strstr(line->words[i].text, "time-out") || strstr(line->words[i].text, "int-overflow"))
            return false;
    }
    return true;
}

static void read_row(struct import *import, const struct benchmark *benchmark, int n_ranks,
                     const struct import_line *line)
{
    double size_B = 0.0, repetitions, time_us;

    if (strcmp(line->words[0].text, "0") != 0 &&
        !import_expect_number(import, line, 0, "message size", &size_B))
        return;
    if (!was_measured(line)) {
        import_complain(import, SEVERITY_WARNING, line->number, 1, "",
                        "the benchmark did not measure this size");
        return;
    }
    if (!import_expect_number(import, line, 1, "number of repetitions", &repetitions) ||
        !import_expect_number(import, line, benchmark->time_column, "time", &time_us))
        return;
    const struct raw_cell cell = {.operation = benchmark->operation,
                                  .path = benchmark->is_collective ? RAW_ALL_RANKS
                                                                   : import->source.network,
                                  .size_B = size_B,
                                  .n_active = n_ranks,
                                  .partner = benchmark->is_collective ? -1 : 1};
    import_believable_time(import, line, benchmark->time_column, &cell, time_us * 1e-6);
}

static void read_imb(struct import *import)
{
    const struct benchmark *benchmark = NULL;
    struct import_line line;
    double n_ranks = 2.0;

    import_lines_begin(&line, &import->source);
    while (import_next_line(&line)) {
        if (import_line_begins(&line, "# Benchmarking ") && line.n_words >= 3) {
            benchmark = benchmark_named(line.words[2].text);
            if (!benchmark)
                import_complain(import, SEVERITY_WARNING, line.number, line.words[2].column,
                                "PingPong, Sendrecv, Bcast, Allreduce and Alltoall are",
                                "the benchmark %s is not used", line.words[2].text);
        } else if (import_line_begins(&line, "# #processes")) {
            import_line_number(&line, "#processes", &n_ranks);
        } else if (benchmark && line.n_words >= 1 && line.words[0].text[0] != '#') {
            read_row(import, benchmark, (int)n_ranks, &line);
        }
    }
}

const struct importer import_imb = {
    .name = "Intel MPI Benchmarks",
    .example = "\"# Benchmarking PingPong\", then rows of bytes, repetitions and microseconds",
    .is_it = is_imb,
    .read = read_imb,
};
