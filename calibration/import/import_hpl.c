/*
 * import_hpl.c - HPL.out: rows of variant, N, NB, P, Q, seconds and GFLOPS. An application's
 * results: kept beside, they never become parameters.
 */
#include "import_lines.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 7, GFLOPS_COLUMN = 6 };

static bool is_hpl(const struct import_text *source)
{
    struct import_line line;
    import_lines_begin(&line, source);
    while (import_next_line(&line)) {
        if (import_line_begins(&line, "T/V") && line.n_words == COLUMNS)
            return true;
    }
    return false;
}

/* "WR11C2R4": W, the mapping, depth, broadcast and so on. */
static bool is_row(const struct import_line *line)
{
    return line->n_words == COLUMNS && line->words[0].text[0] == 'W' &&
           strlen(line->words[0].text) == 8;
}

static void read_hpl(struct import *import)
{
    struct import_line line;
    double best = 0.0, gflops;

    import_lines_begin(&line, &import->source);
    while (import_next_line(&line)) {
        if (is_row(&line) &&
            import_expect_number(import, &line, GFLOPS_COLUMN, "rate in GFLOPS", &gflops) &&
            gflops > best)
            best = gflops;
    }
    if (best > 0.0)
        import_result(import, "hpl_gflops", best);
}

const struct importer import_hpl = {
    .name = "HPL",
    .example =
        "\"T/V  N  NB  P  Q  Time  Gflops\", then rows such as WR11C2R4 1000 80 1 2 0.05 14.38",
    .is_it = is_hpl,
    .read = read_hpl,
};
