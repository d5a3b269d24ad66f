/*
 * import_osu.c - OSU Micro-Benchmarks, versions 5 to 7: tables of size and microseconds or MB/s.
 *
 *     # OSU MPI Latency Test v7.5
 *     # Datatype: MPI_CHAR.
 *     # Size       Avg Latency(us)
 *     1                       9.87
 *
 * Bandwidths are taken as time of a message in a stream of 64 (the window of osu_bw), one
 * way. Ranks of collectives are not in the file.
 */
#include "import_lines.h"

#include <string.h>

enum { OSU_WINDOW = 64, HEAD_LINES = 20 };

/* What a title stands for. */
struct test {
    const char *title; /* in "# OSU MPI%s TITLE Test" */
    enum raw_operation operation;
    bool is_rate; /* MB/s, else us */
};

static const struct test tests[] = {
    {"Latency", RAW_PINGPONG, false},
    {"Multi Latency", RAW_PAIRS, false},
    {"Bandwidth", RAW_STREAM, true},
    {"Broadcast Latency", RAW_BCAST, false},
    {"Allreduce Latency", RAW_ALLREDUCE, false},
    {"All-to-All Personalized Exchange Latency", RAW_ALLTOALL, false},
};

static bool is_osu(const struct import_text *source)
{
    return import_has_line(source, "# OSU MPI", HEAD_LINES);
}

/* The test that a title line names; NULL: none that is used. */
static const struct test *test_of(const struct import_line *line)
{
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        char title[80];
        snprintf(title, sizeof title, "# OSU MPI %s Test", tests[i].title);
        if (import_line_begins(line, title))
            return &tests[i];
    }
    return NULL;
}

static struct raw_cell cell_of(const struct import *import, const struct test *test, double size_B)
{
    const bool is_collective = test->operation == RAW_BCAST || test->operation == RAW_ALLREDUCE ||
                               test->operation == RAW_ALLTOALL;
    return (struct raw_cell){.operation = test->operation,
                             .path = is_collective ? RAW_ALL_RANKS : import->source.network,
                             .load = RAW_IDLE,
                             .size_B = size_B,
                             .n_active = 2,
                             .partner = is_collective ? -1 : 1,
                             .argument = {test->is_rate ? OSU_WINDOW : 0.0}};
}

static void read_row(struct import *import, const struct test *test, const struct import_line *line)
{
    double size_B = 0.0, value;

    if (strcmp(line->words[0].text, "0") != 0 &&
        !import_expect_number(import, line, 0, "message size", &size_B))
        return;
    if (!import_expect_number(import, line, 1, test->is_rate ? "bandwidth" : "latency", &value))
        return;
    const struct raw_cell cell = cell_of(import, test, size_B);
    const double time_s = test->is_rate ? OSU_WINDOW * size_B / (value * 1e6) : value * 1e-6;
    import_believable_time(import, line, 1, &cell, time_s);
}

static void read_osu(struct import *import)
{
    const struct test *test = NULL;
    struct import_line line;

    import_lines_begin(&line, &import->source);
    while (import_next_line(&line)) {
        if (import_line_begins(&line, "# OSU MPI")) {
            test = test_of(&line);
            if (!test)
                import_complain(
                    import, SEVERITY_WARNING, line.number, 1,
                    "latency, bandwidth, multi latency, broadcast, allreduce and all-to-all are",
                    "this test of OSU is not used");
        } else if (line.n_words >= 1 && line.words[0].text[0] != '#' && test) {
            read_row(import, test, &line);
        }
    }
}

const struct importer import_osu = {
    .name = "OSU Micro-Benchmarks",
    .example = "\"# OSU MPI Latency Test v7.5\", then lines of size and microseconds",
    .is_it = is_osu,
    .read = read_osu,
};
