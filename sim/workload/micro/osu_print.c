/*
 * osu_print.c - a prediction as OSU Micro-Benchmarks 5.3 print a measurement.
 */
#include "osu_parts.h"
#include "sim/input/scenario.h"
#include "sim/platform/platform.h"

#include <inttypes.h>

enum { SIZE_COLUMN = 10, VALUE_COLUMN = 20, BARRIER_COLUMN = 17, PRECISION = 2 };

static void print_column(FILE *out, double value)
{
    fprintf(out, "%*.*f", VALUE_COLUMN, PRECISION, value);
}

static void print_size(FILE *out, uint64_t size_B)
{
    fprintf(out, "%-*" PRIu64, SIZE_COLUMN, size_B);
}

static void print_heads(FILE *out, const char *first, const char *second)
{
    fprintf(out, "%-*s%*s", SIZE_COLUMN, "# Size", VALUE_COLUMN, first);
    if (second)
        fprintf(out, "%*s", VALUE_COLUMN, second);
    fputc('\n', out);
}

/* Collectives open with an empty line. */
static void print_title(const struct osu_spec *spec, const struct scenario *scenario, FILE *out)
{
    const struct osu_row *row = &osu_rows[spec->test];
    const bool is_collective =
        row->result == OSU_RESULT_COLLECTIVE || row->result == OSU_RESULT_BARRIER;

    fprintf(out, "%s# OSU MPI %s v5.3\n", is_collective ? "\n" : "", row->title);
    switch (row->result) {
    case OSU_RESULT_LATENCY:
        print_heads(out, "Latency (us)", NULL);
        return;
    case OSU_RESULT_BANDWIDTH:
        print_heads(out, "Bandwidth (MB/s)", NULL);
        return;
    case OSU_RESULT_RATE:
        fprintf(out, "# [ pairs: %d ] [ window size: %d ]\n",
                osu_count_pairs(spec, platform_rank_count(scenario)), spec->window);
        print_heads(out, "MB/s", "Messages/s");
        return;
    case OSU_RESULT_COLLECTIVE:
        print_heads(out, "Avg Latency(us)", NULL);
        return;
    case OSU_RESULT_BARRIER:
        fputs("# Avg Latency(us)\n", out);
        return;
    }
}

static const struct metric *find(const struct osu_spec *spec, const char *quantity, uint64_t size_B,
                                 int n, const struct metric metrics[])
{
    char name[sizeof metrics->name];

    osu_metric_name(name, spec, quantity, size_B);
    return metric_find(n, metrics, name);
}

static void print_sizes(const struct osu_spec *spec, int n_ranks, int n,
                        const struct metric metrics[], FILE *out)
{
    const enum osu_result result = osu_rows[spec->test].result;
    const bool is_time = result == OSU_RESULT_LATENCY || result == OSU_RESULT_COLLECTIVE;
    uint64_t size_B;

    for (int i = 0; osu_size(spec, n_ranks, i, &size_B); i++) {
        const struct metric *value = find(spec, is_time ? "us" : "MBps", size_B, n, metrics);
        const struct metric *rate = find(spec, "messages_per_s", size_B, n, metrics);
        if (!value)
            continue;
        print_size(out, size_B);
        print_column(out, value->value);
        if (rate)
            print_column(out, rate->value);
        fputc('\n', out);
    }
}

void osu_print(const void *spec_, const struct scenario *scenario, int n,
               const struct metric metrics[], FILE *out)
{
    const struct osu_spec *spec = spec_;
    const struct metric *barrier = metric_find(n, metrics, "osu_barrier_us");

    print_title(spec, scenario, out);
    if (spec->test != OSU_BARRIER)
        print_sizes(spec, platform_rank_count(scenario), n, metrics, out);
    else if (barrier)
        fprintf(out, "%*.*f\n", BARRIER_COLUMN, PRECISION, barrier->value);
}
