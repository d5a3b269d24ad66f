/*
 * import_simgrid.c - SimGrid's platform-calibration: one timing a line, operation, bytes, when it
 * began and seconds it took; a ping-pong's are of both ways.
 *
 *     MPI_Send,765921,31.460829,6.406500e-04
 */
#include "import_lines.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 4, HEAD_LINES = 5 };

struct call {
    const char *name;
    enum raw_operation operation;
    double ways; /* that the time is of */
};

static const struct call calls[] = {
    {"MPI_Send", RAW_SEND, 1.0},         {"MPI_Isend", RAW_ISEND, 1.0},
    {"MPI_Recv", RAW_RECV, 1.0},         {"PingPong", RAW_PINGPONG, 2.0},
    {"MPI_PingPong", RAW_PINGPONG, 2.0},
};

static const struct call *call_of(const struct import_line *line)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        const size_t length = strlen(calls[i].name);
        if (import_line_begins(line, calls[i].name) && line->length > length &&
            line->start[length] == ',')
            return &calls[i];
    }
    return NULL;
}

/* A line's fields; the text of the line is changed into words at its commas. */
static int split(const struct import_line *line, char text[256], const char *columns[COLUMNS])
{
    const size_t length = line->length < 255 ? line->length : 255;
    int n = 0;

    memcpy(text, line->start, length);
    text[length] = '\0';
    for (char *at = text; at && n < COLUMNS; n++) {
        columns[n] = at;
        at = strchr(at, ',');
        if (at)
            *at++ = '\0';
    }
    return n;
}

static bool is_simgrid(const struct import_text *source)
{
    struct import_line line;
    import_lines_begin(&line, source);
    while (line.number < HEAD_LINES && import_next_line(&line)) {
        if (call_of(&line))
            return true;
    }
    return false;
}

static void read_row(struct import *import, const struct import_line *line)
{
    const struct call *call = call_of(line);
    const char *columns[COLUMNS];
    char text[256], *size_end, *time_end;

    if (!call || split(line, text, columns) != COLUMNS) {
        import_complain(
            import, SEVERITY_ERROR, line->number, 1,
            "expected operation,bytes,start,seconds with MPI_Send, MPI_Isend, MPI_Recv or PingPong",
            "this is no timing");
        return;
    }
    const double size_B = strtod(columns[1], &size_end), time_s = strtod(columns[3], &time_end);
    if (*size_end != '\0' || !(size_B >= 0.0) || *time_end != '\0' || !(time_s > 0.0)) {
        import_complain(import, SEVERITY_ERROR, line->number, 1,
                        "the file may be cut short or damaged",
                        "bytes or seconds of this timing are no positive number");
        return;
    }
    const struct raw_cell cell = {.operation = call->operation,
                                  .path = import->source.network,
                                  .size_B = size_B,
                                  .n_active = 2,
                                  .partner = 1};
    import_believable_time(import, line, 0, &cell, time_s / call->ways);
}

static void read_simgrid(struct import *import)
{
    struct import_line line;
    import_lines_begin(&line, &import->source);
    while (import_next_line(&line)) {
        if (line.n_words > 0 && !(line.number == 1 && !call_of(&line)))
            read_row(import, &line);
    }
}

const struct importer import_simgrid = {
    .name = "SimGrid platform calibration",
    .example = "lines such as MPI_Send,765921,31.460829,6.406500e-04",
    .is_it = is_simgrid,
    .read = read_simgrid,
};
