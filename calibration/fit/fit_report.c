#include "fit_report.h"

#include "fit_print.h"
#include "plot.h"
#include "profile_text.h"
#include "sim/input/unit.h"
#include "sim/result/page.h"
#include "sim/result/statistics.h"

#include <math.h>
#include <string.h>

enum { WORDS_B = 320, DIGITS = 3, CURVE_STEPS = 24 };

/* An axis that holds nothing yet. */
#define NOTHING .lo = INFINITY, .hi = -INFINITY

/* --- messages -----------------------------------------------------------------------------------
 */

static void point_words(const struct dataset_point *point, double fitted_s, char words[WORDS_B])
{
    char size[QUANTITY_TEXT_B], measured[QUANTITY_TEXT_B], fitted[QUANTITY_TEXT_B];
    unit_format(DIMENSION_BYTES, point->size_B, size);
    quantity_text(DIMENSION_TIME, point->location_s, DIGITS, measured);
    quantity_text(DIMENSION_TIME, fitted_s, DIGITS, fitted);
    snprintf(words, WORDS_B, "%s: measured %s, fitted %s, %d visits", size, measured, fitted,
             point->n_visits);
}

/* The fitted curve of one piece, as short straight lines. */
static void draw_piece(const struct plot *plot, const struct path_fit *fit, int number)
{
    const double lo_B = fmax(fmax(fit->piece[number].from_B, fit->validity_B[0]), 1.0);
    const double hi_B =
        number + 1 < fit->n ? fit->piece[number + 1].from_B - 1.0 : fit->validity_B[1];
    for (int i = 0; i < CURVE_STEPS && hi_B > lo_B; i++) {
        const double from_B = lo_B * pow(hi_B / lo_B, (double)i / CURVE_STEPS);
        const double to_B = lo_B * pow(hi_B / lo_B, (i + 1.0) / CURVE_STEPS);
        plot_line(plot, from_B, path_fit_time_s(fit, from_B), to_B, path_fit_time_s(fit, to_B),
                  "exact");
    }
}

static void print_times(const struct path_fit *fit, const struct dataset_slice *slice, FILE *out)
{
    struct plot plot = {
        .x = {NOTHING, .is_log = true, .dimension = DIMENSION_BYTES, .label = "message"},
        .y = {NOTHING, .is_log = true, .dimension = DIMENSION_TIME, .label = "half a round trip"}};
    char words[WORDS_B];
    for (int i = 0; i < slice->n; i++) {
        plot_axis_hold(&plot.x, slice->points[i].size_B);
        plot_axis_hold(&plot.y, slice->points[i].location_s);
    }
    plot_begin(&plot, "Half a round trip by size",
               "Measured locations as dots, the fitted pieces as lines; each piece is straight, "
               "which on logarithmic axes is a curve.",
               out);
    for (int i = 0; i < fit->n; i++)
        draw_piece(&plot, fit, i);
    for (int i = 0; i < slice->n; i++) {
        const struct dataset_point *point = &slice->points[i];
        point_words(point, path_fit_time_s(fit, point->size_B), words);
        plot_mark(&plot, point->size_B, point->location_s, true, words);
    }
    plot_end(&plot);
}

static void print_residuals(const struct path_fit *fit, const struct dataset_slice *slice,
                            FILE *out)
{
    struct plot plot = {
        .x = {NOTHING, .is_log = true, .dimension = DIMENSION_BYTES, .label = "message"},
        .y = {.lo = -0.02, .hi = 0.02, .is_percent = true, .label = "measured above fitted"}};
    char words[WORDS_B];
    for (int i = 0; i < slice->n; i++) {
        const struct dataset_point *point = &slice->points[i];
        plot_axis_hold(&plot.x, point->size_B);
        plot_axis_hold(&plot.y, point->location_s / path_fit_time_s(fit, point->size_B) - 1.0);
    }
    plot_begin(&plot, "Residuals by size",
               "How far each measured location is above or below its fitted piece; vertical lines "
               "are where pieces begin.",
               out);
    for (int i = 1; i < fit->n; i++)
        plot_line(&plot, fit->piece[i].from_B, plot.y.lo, fit->piece[i].from_B, plot.y.hi, "input");
    plot_line(&plot, plot.x.lo, 0.0, plot.x.hi, 0.0, "exact");
    for (int i = 0; i < slice->n; i++) {
        const struct dataset_point *point = &slice->points[i];
        const double fitted_s = path_fit_time_s(fit, point->size_B);
        point_words(point, fitted_s, words);
        plot_mark(&plot, point->size_B, point->location_s / fitted_s - 1.0, true, words);
    }
    plot_end(&plot);
}

static void print_pieces(const struct path_fit *fit, FILE *out)
{
    static const char *const columns[] = {"From",
                                          "Send, a message",
                                          "Send, a byte",
                                          "Receive, a message",
                                          "Receive, a byte",
                                          "Latency",
                                          "Rate",
                                          "Spread"};
    page_table("Pieces", 8, columns, "nnnnnnnn", out);
    for (int i = 0; i < fit->n; i++) {
        const struct path_piece *piece = &fit->piece[i];
        const struct {
            enum dimension dimension;
            double value;
        } cells[] = {{DIMENSION_TIME, piece->send_message_s.value},
                     {DIMENSION_TIME_PER_BYTE, piece->send_byte_s.value},
                     {DIMENSION_TIME, piece->recv_message_s.value},
                     {DIMENSION_TIME_PER_BYTE, piece->recv_byte_s.value},
                     {DIMENSION_TIME, fit->latency_s.value + piece->latency_s.value},
                     {DIMENSION_BANDWIDTH, fit->bandwidth_Bps.value / piece->slowdown.value}};
        char text[QUANTITY_TEXT_B];
        page_row(out);
        unit_format(DIMENSION_BYTES, round(piece->from_B), text);
        page_cell_number(text, out);
        for (size_t j = 0; j < sizeof cells / sizeof *cells; j++) {
            quantity_text(cells[j].dimension, cells[j].value, DIGITS, text);
            page_cell_number(text, out);
        }
        page_cell_percent(piece->spread, out);
        page_row_end(out);
    }
    page_table_end(out);
}

static void print_path(const struct fitted *fitted, const struct path_fit *fit, enum raw_path path,
                       FILE *out)
{
    const struct dataset_slice slice =
        dataset_slice(fitted->dataset, RAW_PINGPONG, path, RAW_IDLE, 0);
    char words[WORDS_B];
    page_heading(2, path_words(path), out);
    snprintf(words, sizeof words,
             "%d sizes, %d visits. Median error %.1f %%, P95 %.1f %%; noise floor %.1f %%.",
             fit->n_sizes, fit->n_visits, 100.0 * fit->error_p50, 100.0 * fit->error_p95,
             100.0 * fit->noise_floor);
    page_paragraph(words, out);
    print_times(fit, &slice, out);
    print_residuals(fit, &slice, out);
    print_pieces(fit, out);
}

/* --- compute and memory -------------------------------------------------------------------------
 */

static void print_dgemm(const struct fitted *fitted, FILE *out)
{
    const struct dataset_slice slice =
        dataset_slice(fitted->dataset, RAW_DGEMM, RAW_NOWHERE, RAW_IDLE, 1);
    struct plot plot = {
        .x = {NOTHING, .is_log = true, .label = "M x N x K"},
        .y = {
            .lo = -0.02, .hi = 0.02, .is_percent = true, .label = "measured above the polynomial"}};
    page_heading(2, "Matrix multiply", out);
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1)
            plot_begin(&plot, "Matrix multiply against its polynomial",
                       "One dot for each shape, one rank alone.", out);
        for (int i = 0; i < slice.n; i++) {
            const double *mnk = slice.points[i].argument;
            const double fitted_s = dgemm_fit_time_s(&fitted->dgemm, mnk[0], mnk[1], mnk[2]);
            const double off = slice.points[i].location_s / fitted_s - 1.0;
            char words[WORDS_B];
            snprintf(words, sizeof words, "%g x %g x %g: %+.1f %%", mnk[0], mnk[1], mnk[2],
                     100.0 * off);
            if (pass == 1) {
                plot_mark(&plot, mnk[0] * mnk[1] * mnk[2], off, true, words);
                continue;
            }
            plot_axis_hold(&plot.x, mnk[0] * mnk[1] * mnk[2]);
            plot_axis_hold(&plot.y, off);
        }
    }
    plot_line(&plot, plot.x.lo, 0.0, plot.x.hi, 0.0, "exact");
    plot_end(&plot);
}

static void print_memory(const struct fitted *fitted, FILE *out)
{
    const int n_most = dataset_most_active(fitted->dataset, RAW_TRIAD, RAW_NOWHERE, RAW_IDLE);
    const struct saturation_curve *curve = &fitted->triad.curve;
    struct plot plot = {
        .x = {.lo = 1.0, .hi = fmax(n_most, 2.0), .label = "cores at work"},
        .y = {.lo = 0.0, .hi = 0.0, .dimension = DIMENSION_BANDWIDTH, .label = "all together"}};
    char words[WORDS_B];
    page_heading(2, "Memory bandwidth", out);
    snprintf(words, sizeof words,
             "Triad of arrays beyond all caches; the law that fits best is %s.",
             saturation_law_names[curve->law]);
    page_paragraph(words, out);
    for (int k = 1; k <= n_most; k++)
        plot_axis_hold(&plot.y, saturation_total(curve, k));
    plot_begin(&plot, "Memory bandwidth by cores at work",
               "The fitted curve; measured medians as dots.", out);
    for (int k = 1; k < n_most; k++)
        plot_line(&plot, k, saturation_total(curve, k), k + 1, saturation_total(curve, k + 1),
                  "exact");
    for (int k = 1; k <= n_most; k++) {
        const struct dataset_slice slice =
            dataset_slice(fitted->dataset, RAW_TRIAD, RAW_NOWHERE, RAW_IDLE, k);
        if (slice.n == 0)
            continue;
        const struct dataset_point *point = &slice.points[slice.n - 1];
        snprintf(words, sizeof words, "%d cores, arrays of %g B", k, point->size_B);
        plot_mark(&plot, k, k * point->argument[0] / point->location_s, true, words);
    }
    plot_end(&plot);
}

/* --- tables -------------------------------------------------------------------------------------
 */

static void print_line(const struct fit_line *line, void *user)
{
    FILE *out = user;
    page_row(out);
    page_cell_name(line->key, out);
    page_cell_number(line->value, out);
    page_cell_text(line->interval, out);
    page_cell_text(line->from, out);
    page_row_end(out);
}

static void print_parameters(const struct fitted *fitted, FILE *out)
{
    static const char *const columns[] = {"Parameter", "Value", "95 % interval", "From"};
    page_heading(2, "Parameters", out);
    for (int part = 0; part < N_FIT_PARTS; part++) {
        if (!fitted->has[part])
            continue;
        page_table(fit_part_names[part], 4, columns, "tntt", out);
        fit_lines(fitted, (enum fit_part)part, print_line, out);
        page_table_end(out);
    }
}

static void print_held_outs(const struct held_outs *rows, FILE *out)
{
    static const char *const columns[] = {
        "Held out", "N", "Median error", "P95", "Noise floor", "Median at most", "P95 at most", ""};
    page_heading(2, "What the fit had not seen", out);
    page_paragraph("A fit cannot predict better than a measurement repeats itself: limits are 1.5 "
                   "and 2 times the noise floor of sizes, and at least 1 and 5 %. Operations are "
                   "simulated from the written profiles; nothing was fitted to them.",
                   out);
    page_table("Held-out data", 8, columns, "tnnnnnnt", out);
    for (int i = 0; i < rows->n; i++) {
        const struct held_out_row *row = &rows->rows[i];
        char n[16];
        snprintf(n, sizeof n, "%d", row->n);
        page_row_of_class(row->is_off ? "off" : "", out);
        page_cell_name(row->what, out);
        page_cell_number(n, out);
        page_cell_percent(row->p50, out);
        page_cell_percent(row->p95, out);
        page_cell_percent(row->floor, out);
        page_cell_percent(row->limit_p50, out);
        page_cell_percent(row->limit_p95, out);
        page_cell_text(row->is_off ? "worse" : "good", out);
        page_row_end(out);
    }
    page_table_end(out);
}

static void print_notes(const struct fitted *fitted, enum note_kind kind, const char *heading,
                        FILE *out)
{
    static const char *const columns[] = {"Profile", ""};
    bool is_first = true;
    for (const struct note *note = fitted->notes; note; note = note->next) {
        if (note->kind != kind)
            continue;
        if (is_first)
            page_table(heading, 2, columns, "tt", out);
        is_first = false;
        page_row(out);
        page_cell_name(fit_part_names[note->part], out);
        page_cell_text(note->text, out);
        page_row_end(out);
    }
    if (!is_first)
        page_table_end(out);
}

static void print_how_to_read(FILE *out)
{
    page_heading(2, "How to read this", out);
    page_paragraph("Each dot is the median over visits of the median of a visit. Lines are what a "
                   "simulated ping-pong takes with the fitted profiles: sender's CPU time, "
                   "latency, bytes on the wire, receiver's CPU time.",
                   out);
    page_paragraph("Residuals should lie around zero without a pattern. A bow within a piece says "
                   "that the piece is no line: measure more sizes there. A jump where no piece "
                   "begins says that a threshold was missed. Two bands at the same sizes are two "
                   "ways of the same path, as TCP has; no line meets both.",
                   out);
    page_paragraph("Intervals are of 95 %: whole blocks of visits were drawn again and fitted "
                   "again. Parameters hold up to the largest message that was measured; the "
                   "simulator warns beyond.",
                   out);
}

void fit_report_print(const struct fit_document *document, FILE *out)
{
    const struct fitted *fitted = &document->fitted;
    char heading[WORDS_B];
    snprintf(heading, sizeof heading, "Fitted profiles of %s", fitted->name);
    page_begin(heading, out);
    print_notes(fitted, NOTE_FACT, "What was found", out);
    print_notes(fitted, NOTE_WARNING, "What is doubtful", out);
    print_notes(fitted, NOTE_MISSING, "What is missing, and what to measure for it", out);
    if (document->held_outs.n > 0)
        print_held_outs(&document->held_outs, out);
    if (fitted->has_remote)
        print_path(fitted, &fitted->remote, fitted->remote_path, out);
    if (fitted->has_local)
        print_path(fitted, &fitted->local, RAW_SAME_DOMAIN, out);
    if (fitted->has_dgemm)
        print_dgemm(fitted, out);
    if (fitted->has_triad)
        print_memory(fitted, out);
    print_parameters(fitted, out);
    print_how_to_read(out);
    page_end(out);
}
