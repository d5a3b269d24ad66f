/*
 * import_detours.c - a list of detours: lines of "<start ns>\t<duration ns>", sorted by start, as
 * selfish-like benchmarks print them. What was watched lasts from the first start to the last.
 */
#include "import_lines.h"

#include "calibration/raw/raw_build.h"

#include <math.h>
#include <stdlib.h>

enum { HEAD_LINES = 8 };

static bool is_detour(const struct import_line *line, double *start_ns, double *length_ns)
{
    return line->n_words == 2 &&
           (import_word_number(line, 0, start_ns) || line->words[0].text[0] == '0') &&
           import_word_number(line, 1, length_ns);
}

static bool is_list(const struct import_text *source)
{
    struct import_line line;
    double start_ns = 0.0, last_ns = -1.0, length_ns;
    int n = 0;

    import_lines_begin(&line, source);
    while (line.number < HEAD_LINES && import_next_line(&line)) {
        if (line.n_words == 0 || line.words[0].text[0] == '#')
            continue;
        if (!is_detour(&line, &start_ns, &length_ns) || start_ns <= last_ns)
            return false;
        last_ns = start_ns;
        n++;
    }
    return n >= 2;
}

/* As many numbers as the text has lines. */
static double *room_for_lines(const struct import_text *source)
{
    size_t n = 1;
    for (size_t i = 0; i < source->length; i++)
        n += source->text[i] == '\n';
    double *room = calloc(n, sizeof *room);
    if (!room)
        abort();
    return room;
}

static void read_list(struct import *import)
{
    struct import_line line;
    int n = 0;
    double *start_s = room_for_lines(&import->source);
    double *length_s = room_for_lines(&import->source), shortest_s = INFINITY;

    import_lines_begin(&line, &import->source);
    while (import_next_line(&line)) {
        double start_ns = 0.0, length_ns;
        if (line.n_words == 0 || line.words[0].text[0] == '#')
            continue;
        if (!is_detour(&line, &start_ns, &length_ns) ||
            (n > 0 && start_ns * 1e-9 < start_s[n - 1])) {
            import_complain(import, SEVERITY_ERROR, line.number, 1,
                            "expected a start, not before the last one, and a duration, both in ns",
                            "this is no detour");
            continue;
        }
        start_s[n] = start_ns * 1e-9;
        length_s[n] = length_ns * 1e-9;
        shortest_s = fmin(shortest_s, length_s[n++]);
    }
    if (n > 1) {
        const struct raw_detours detours = {.launch = import->launch,
                                            .observed_s =
                                                start_s[n - 1] + length_s[n - 1] - start_s[0],
                                            .quantum_s = shortest_s,
                                            .threshold_s = shortest_s,
                                            .stolen_s = NAN,
                                            .n = n,
                                            .start_s = start_s,
                                            .length_s = length_s};
        raw_add_detours(import->raw, &detours);
    }
    free(start_s);
    free(length_s);
}

const struct importer import_detours = {
    .name = "list of detours",
    .example = "lines of start and duration in nanoseconds, with a tab between",
    .is_it = is_list,
    .read = read_list,
};
