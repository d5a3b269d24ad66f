/*
 * import_stream.c - STREAM 5.10: the array size, then best rates in MB/s of copy, scale, add and
 * triad; the mean time stands in the second column and is what counts here.
 */
#include "import_lines.h"

#include <string.h>

enum { MEAN_TIME_COLUMN = 2, HEAD_LINES = 40 };

static const double element_B = 8.0, arrays = 3.0;

static bool is_stream(const struct import_text *source)
{
    return import_has_line(source, "STREAM version", HEAD_LINES) ||
           import_has_line(source, "Array size =", HEAD_LINES);
}

static void read_kernel(struct import *import, const struct import_line *line,
                        enum raw_operation operation, double n, int n_threads)
{
    double time_s;
    if (!import_expect_number(import, line, MEAN_TIME_COLUMN, "time", &time_s))
        return;
    const double moved_B = (operation == RAW_COPY ? 2.0 : 3.0) * n * element_B;
    /* Threads share the arrays; each is a core at work on its part. */
    const struct raw_cell cell = {.operation = operation,
                                  .path = RAW_NOWHERE,
                                  .size_B = arrays * n * element_B / n_threads,
                                  .n_active = n_threads,
                                  .partner = -1,
                                  .argument = {moved_B / n_threads}};
    import_believable_time(import, line, MEAN_TIME_COLUMN, &cell, time_s);
}

static void read_stream(struct import *import)
{
    struct import_line line;
    double n = 0.0, n_threads = 1.0;

    import_lines_begin(&line, &import->source);
    while (import_next_line(&line)) {
        const bool is_copy = import_line_begins(&line, "Copy:");
        import_line_number(&line, "Array size", &n);
        import_line_number(&line, "Number of Threads counted", &n_threads);
        if (!is_copy && !import_line_begins(&line, "Triad:"))
            continue;
        if (n > 0.0 && n_threads >= 1.0 && n_threads < 1e6)
            read_kernel(import, &line, is_copy ? RAW_COPY : RAW_TRIAD, n, (int)n_threads);
        else
            import_complain(import, SEVERITY_ERROR, line.number, 1,
                            "STREAM prints \"Array size = N (elements)\" above",
                            "without the size of the arrays, a rate tells nothing");
    }
}

const struct importer import_stream = {
    .name = "STREAM",
    .example = "\"Array size = 40000000 (elements)\", then \"Triad:\" with rate and times",
    .is_it = is_stream,
    .read = read_stream,
};
