/*
 * import_netpipe.c - NetPIPE's np.out: lines of bytes, Mbit/s and seconds of one way, nothing else.
 */
#include "import_lines.h"

#include <math.h>

static bool is_row(const struct import_line *line)
{
    double size_B, Mbps, time_s;
    if (line->n_words != 3 || !import_word_number(line, 0, &size_B) ||
        !import_word_number(line, 1, &Mbps) || !import_word_number(line, 2, &time_s))
        return false;
    /* Its Mbit are of 1048576 bits or of a million, by version. */
    const double said_s = size_B * 8.0 / (Mbps * 1e6);
    return fabs(log(said_s / time_s)) < 0.2;
}

static bool is_netpipe(const struct import_text *source)
{
    struct import_line line;
    import_lines_begin(&line, source);
    return import_next_line(&line) && is_row(&line);
}

static void read_netpipe(struct import *import)
{
    struct import_line line;

    import_lines_begin(&line, &import->source);
    while (import_next_line(&line)) {
        double size_B, time_s;
        if (line.n_words == 0)
            continue;
        if (!import_expect_number(import, &line, 0, "message size", &size_B) ||
            !import_expect_number(import, &line, 2, "time", &time_s))
            continue;
        const struct raw_cell cell = {.operation = RAW_PINGPONG,
                                      .path = import->source.network,
                                      .size_B = size_B,
                                      .n_active = 2,
                                      .partner = 1};
        import_believable_time(import, &line, 2, &cell, time_s);
    }
}

const struct importer import_netpipe = {
    .name = "NetPIPE",
    .example = "lines of bytes, Mbit/s and seconds",
    .is_it = is_netpipe,
    .read = read_netpipe,
};
