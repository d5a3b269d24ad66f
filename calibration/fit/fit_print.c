#include "fit_print.h"

#include "profile_text.h"
#include "sim/input/field_walk.h"
#include "sim/input/unit.h"
#include "sim/result/statistics.h"
#include "sim/result/table_parts.h"
#include "sim/result/wrap.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { TABLE_WIDTH = 110, TIME_DIGITS = 3 };

const char *path_words(enum raw_path path)
{
    switch (path) {
    case RAW_SAME_DOMAIN:
        return "Messages within one operating system";
    case RAW_SAME_HOST:
        return "Messages between operating systems of one host";
    default:
        return "Messages between hosts";
    }
}

/* --- parameters ---------------------------------------------------------------------------------
 */

struct line_walk {
    fit_line_visit *visit;
    void *user;
};

/* What a source says behind "measured DATE on HOSTS: ", up to the counts; of others all. */
static void short_origin(const char *source, char *text, size_t size)
{
    const char *what = strstr(source, ": ");
    const char *from = what && strncmp(source, "measured", 8) == 0 ? what + 2 : source;
    const char *counts = strstr(from, " point");
    size_t length = strlen(from);
    if (counts)
        for (length = (size_t)(counts - from); length > 0 && from[length] != ',';)
            length--;
    snprintf(text, size, "%.*s", (int)length, from);
}

static void visit_parameter(const struct field_visit *visit, void *user)
{
    const struct line_walk *walk = user;
    const struct parameter *parameter = field_at(visit->field, visit->base);
    struct fit_line line = {.key = visit->path};
    if (visit->field->kind != FIELD_PARAMETER || !parameter_is_set(parameter) ||
        strstr(visit->path, "sizes."))
        return;
    const int digits = parameter_digits(parameter);
    char lo[QUANTITY_TEXT_B], hi[QUANTITY_TEXT_B];
    quantity_text(visit->field->dimension, parameter->value, digits, line.value);
    quantity_text(visit->field->dimension, parameter->ci95_lo, digits, lo);
    quantity_text(visit->field->dimension, parameter->ci95_hi, digits, hi);
    if (parameter_is_uncertain(parameter))
        snprintf(line.interval, sizeof line.interval, "%s .. %s", lo, hi);
    short_origin(parameter->source, line.from, sizeof line.from);
    walk->visit(&line, walk->user);
}

void fit_lines(const struct fitted *fitted, enum fit_part part, fit_line_visit *visit, void *user)
{
    const void *const values[N_FIT_PARTS] = {&fitted->node, &fitted->link, &fitted->mpi,
                                             &fitted->technology};
    struct line_walk walk = {visit, user};
    if (fitted->has[part])
        field_walk(document_kind_by_name(fit_part_names[part])->fields, values[part], NULL, "",
                   visit_parameter, &walk);
}

static void add_line(const struct fit_line *line, void *user)
{
    struct grid *grid = user;
    grid_row(grid);
    grid_cell(grid, "%s", line->key);
    grid_cell(grid, "%s", line->value);
    grid_cell(grid, "%s", line->interval);
    grid_cell(grid, "%s", line->from);
}

static int print_parameters(const struct fitted *fitted, bool color, FILE *out)
{
    struct grid grid;
    grid_init(&grid);
    grid_set_width(&grid, TABLE_WIDTH);
    grid_column(&grid, "PARAMETER", GRID_LEFT);
    grid_column(&grid, "VALUE", GRID_RIGHT);
    grid_column(&grid, "95 % INTERVAL", GRID_LEFT);
    grid_column(&grid, "FROM", GRID_LEFT);
    (void)color;
    for (int part = 0; part < N_FIT_PARTS; part++) {
        if (!fitted->has[part])
            continue;
        grid_heading(&grid, "%s", fit_part_names[part]);
        fit_lines(fitted, (enum fit_part)part, add_line, &grid);
    }
    const int status = grid_print(&grid, out);
    grid_release(&grid);
    return status;
}

/* --- pieces -------------------------------------------------------------------------------------
 */

static void cell_time(struct grid *grid, double message_s, double byte_s)
{
    char message[QUANTITY_TEXT_B], byte[QUANTITY_TEXT_B];
    quantity_text(DIMENSION_TIME, message_s, TIME_DIGITS, message);
    quantity_text(DIMENSION_TIME_PER_BYTE, byte_s, TIME_DIGITS, byte);
    if (byte_s > 0.0)
        grid_cell(grid, "%s + %s", message, byte);
    else
        grid_cell(grid, "%s", message);
}

static void add_piece(struct grid *grid, const struct path_fit *fit, int number)
{
    const struct path_piece *piece = &fit->piece[number];
    char from[QUANTITY_TEXT_B], latency[QUANTITY_TEXT_B], rate[QUANTITY_TEXT_B];
    unit_format(DIMENSION_BYTES, round(piece->from_B), from);
    quantity_text(DIMENSION_TIME, fit->latency_s.value + piece->latency_s.value, TIME_DIGITS,
                  latency);
    quantity_text(DIMENSION_BANDWIDTH, fit->bandwidth_Bps.value / piece->slowdown.value,
                  TIME_DIGITS, rate);
    grid_row(grid);
    grid_cell(grid, "%s", from);
    cell_time(grid, piece->send_message_s.value, piece->send_byte_s.value);
    cell_time(grid, piece->recv_message_s.value, piece->recv_byte_s.value);
    grid_cell(grid, "%s", latency);
    grid_cell(grid, "%s", rate);
    grid_cell_percent(grid, piece->spread);
}

static int print_pieces(const struct path_fit *fit, enum raw_path path, bool color, FILE *out)
{
    struct grid grid;
    char largest[QUANTITY_TEXT_B];
    print_heading(path_words(path), color, out);
    grid_init(&grid);
    grid_set_width(&grid, TABLE_WIDTH);
    grid_column(&grid, "FROM", GRID_RIGHT);
    grid_column(&grid, "SEND", GRID_RIGHT);
    grid_column(&grid, "RECEIVE", GRID_RIGHT);
    grid_column(&grid, "LATENCY", GRID_RIGHT);
    grid_column(&grid, "RATE", GRID_RIGHT);
    grid_column(&grid, "SPREAD", GRID_RIGHT);
    for (int i = 0; i < fit->n; i++)
        add_piece(&grid, fit, i);
    const int status = grid_print(&grid, out);
    grid_release(&grid);
    unit_format(DIMENSION_BYTES, fit->validity_B[1], largest);
    fprintf(out, "%d sizes up to %s; the fitted sizes are met within %.1f %% (median; P95 %.1f %%)",
            fit->n_sizes, largest, 100.0 * fit->error_p50, 100.0 * fit->error_p95);
    if (isfinite(fit->noise_floor)) /* not where there are means alone */
        fprintf(out, ", noise floor %.1f %%", 100.0 * fit->noise_floor);
    fputc('\n', out);
    return status;
}

/* --- held-out data ------------------------------------------------------------------------------
 */

static void add_held_out(struct grid *grid, const struct held_out_row *row)
{
    grid_row(grid);
    grid_cell(grid, "%s", row->what);
    grid_cell(grid, "%d", row->n);
    grid_cell_percent(grid, row->p50);
    grid_cell_percent(grid, row->p95);
    grid_cell_percent(grid, row->floor);
    grid_cell_percent(grid, row->limit_p50);
    grid_cell_percent(grid, row->limit_p95);
    grid_cell(grid, "%s", row->is_off ? "worse" : "good");
}

static int print_held_outs(const struct held_outs *rows, bool color, FILE *out)
{
    static const char *const columns[] = {"HELD OUT", "N",        "MEDIAN", "P95",
                                          "FLOOR",    "MEDIAN<=", "P95<=",  ""};
    struct grid grid;
    if (rows->n == 0)
        return 0;
    print_heading("How well the profiles predict what they were not fitted to", color, out);
    grid_init(&grid);
    grid_set_width(&grid, TABLE_WIDTH);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        grid_column(&grid, columns[i], i == 0 || i == 7 ? GRID_LEFT : GRID_RIGHT);
    for (int i = 0; i < rows->n; i++)
        add_held_out(&grid, &rows->rows[i]);
    const int status = grid_print(&grid, out);
    grid_release(&grid);
    return status;
}

/* --- notes --------------------------------------------------------------------------------------
 */

static void print_notes(const struct fitted *fitted, enum note_kind kind, const char *heading,
                        bool color, FILE *out)
{
    bool is_first = true;
    for (const struct note *note = fitted->notes; note; note = note->next) {
        if (note->kind != kind)
            continue;
        if (is_first)
            print_heading(heading, color, out);
        is_first = false;
        const int indent = fprintf(out, "%s: ", fit_part_names[note->part]);
        wrap_print(note->text, indent, wrap_width_of(out), out);
    }
}

int fit_table_print(const struct fit_document *document, bool color, FILE *out)
{
    const struct fitted *fitted = &document->fitted;
    int status = print_parameters(fitted, color, out);
    if (status == 0 && fitted->has_remote)
        status = print_pieces(&fitted->remote, fitted->remote_path, color, out);
    if (status == 0 && fitted->has_local)
        status = print_pieces(&fitted->local, RAW_SAME_DOMAIN, color, out);
    print_notes(fitted, NOTE_FACT, "What was found beside", color, out);
    print_notes(fitted, NOTE_MISSING, "What is missing, and what to measure for it", color, out);
    print_notes(fitted, NOTE_WARNING, "What is doubtful", color, out);
    if (status == 0)
        status = print_held_outs(&document->held_outs, color, out);
    return status;
}
