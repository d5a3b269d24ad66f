#include "validate_chart.h"

#include "sim/input/text.h"
#include "sim/result/markup.h"
#include "sim/result/picture.h"
#include "validate_table.h"

#include <math.h>
#include <string.h>

/* --- what both pictures have ---------------------------------------------------------- */

static const char *class_of(const struct validation_row *row)
{
    return row->scored.counts ? "counts" : "input";
}

static void print_title_of(const struct validation *validation, const struct validation_row *row,
                           FILE *out)
{
    const struct validation_run *run = validation_run_of(validation, row);
    char measured[MEASURED_TEXT_B], error[ERROR_TEXT_B], predicted[40];

    validate_measured_text(row->result, measured);
    validate_error_text(row, error);
    format_digits(predicted, sizeof predicted, row->predicted.p50, row->digits);
    fputs("<title>", out);
    markup_text(run->document->paper, out);
    fputs(", ", out);
    markup_text(run->run->name, out);
    fputs(": ", out);
    markup_text(row->result->metric, out);
    fputs(" measured ", out);
    markup_text(measured, out);
    fprintf(out, ", predicted %s ", predicted);
    markup_text(row->result->unit, out);
    fprintf(out, ", %s</title>", error);
}

/* A circle or, of an input, a square, around its title. */
static void print_mark(const struct validation *validation, const struct validation_row *row,
                       double x, double y, FILE *out)
{
    static const double radius = 4.0;
    if (row->scored.counts)
        fprintf(out, "<circle class='counts' cx='%.1f' cy='%.1f' r='%.1f'>", x, y, radius);
    else
        fprintf(out, "<rect class='input' x='%.1f' y='%.1f' width='%.1f' height='%.1f'>",
                x - radius, y - radius, 2.0 * radius, 2.0 * radius);
    print_title_of(validation, row, out);
    fprintf(out, "</%s>\n", row->scored.counts ? "circle" : "rect");
}

/* --- measured against predicted --------------------------------------------------------- */

enum { SIDE = 640, MARGIN = 60, DESCRIPTION_B = 320 };

/* The decades that the picture shows, of both axes. */
struct decades {
    double first, last;
};

static bool is_in_scatter(const struct validation_row *row)
{
    return row->has_measured && !row->scored.measured.is_percent && row->predicted.p05 > 0.0;
}

static int find_decades(const struct validation *validation, struct decades *decades)
{
    double least = INFINITY, most = 0.0;
    int n = 0;
    for (int i = 0; i < validation->n_rows; i++) {
        const struct validation_row *row = &validation->rows[i];
        if (!is_in_scatter(row))
            continue;
        least = fmin(least, fmin(row->predicted.p05, row->result->published));
        most = fmax(most, fmax(row->predicted.p95, row->result->published));
        n++;
    }
    if (n > 0) {
        decades->first = floor(log10(least));
        decades->last = fmax(ceil(log10(most)), decades->first + 1.0);
    }
    return n;
}

static double across(const struct decades *decades, double value)
{
    const double part = (log10(value) - decades->first) / (decades->last - decades->first);
    return MARGIN + part * (SIDE - 2 * MARGIN);
}

static double up(const struct decades *decades, double value)
{
    return SIDE - across(decades, value);
}

static void print_axes(const struct decades *decades, FILE *out)
{
    for (double decade = decades->first; decade <= decades->last; decade += 1.0) {
        const double value = pow(10.0, decade), x = across(decades, value), y = up(decades, value);
        char text[24];
        snprintf(text, sizeof text, "%g", value);
        picture_line(x, MARGIN, x, SIDE - MARGIN, "grid", out);
        picture_line(MARGIN, y, SIDE - MARGIN, y, "grid", out);
        picture_label(x, SIDE - MARGIN + 18, "middle", text, out);
        picture_label(MARGIN - 8, y + 4, "end", text, out);
    }
    picture_line(MARGIN, SIDE - MARGIN, SIDE - MARGIN, MARGIN, "exact", out);
    picture_label(SIDE / 2.0, SIDE - 14, "middle", "measured", out);
    fprintf(out,
            "<text transform='translate(16 %d) rotate(-90)' text-anchor='middle'>predicted"
            "</text>\n",
            SIDE / 2);
}

void validate_chart_scatter(const struct validation *validation, FILE *out)
{
    struct decades decades;
    char text[DESCRIPTION_B];
    const int n = find_decades(validation, &decades);
    if (n == 0)
        return;
    snprintf(text, sizeof text,
             "%d values on logarithmic axes, each in its own unit; on the diagonal, predicted is "
             "measured. Vertical lines are the 90 %% intervals. The table of all values has the "
             "numbers.",
             n);
    picture_begin(SIDE, SIDE, "Measured against predicted", text, out);
    print_axes(&decades, out);
    for (int i = 0; i < validation->n_rows; i++) {
        const struct validation_row *row = &validation->rows[i];
        if (!is_in_scatter(row))
            continue;
        const double x = across(&decades, row->result->published);
        picture_line(x, up(&decades, row->predicted.p05), x, up(&decades, row->predicted.p95),
                     class_of(row), out);
        print_mark(validation, row, x, up(&decades, row->predicted.p50), out);
    }
    picture_end(out);
}

/* --- errors by value ----------------------------------------------------------------------- */

enum { LINE = 18, TOP = 30, LABELS = 430, SCALE = 400, RIGHT = 30, NAME_B = 80 };

static double error_x(double error)
{
    return LABELS + SCALE / 2.0 * (1.0 + fmax(-1.0, fmin(1.0, error)));
}

static bool is_of_paper(const struct validation *validation, const struct validation_row *row,
                        const char *paper)
{
    return row->has_measured &&
           strcmp(validation_run_of(validation, row)->document->paper, paper) == 0;
}

static void print_scale(int height, FILE *out)
{
    for (int percent = -100; percent <= 100; percent += 50) {
        const double x = error_x(percent / 100.0);
        char text[16];
        snprintf(text, sizeof text, "%+d %%", percent);
        picture_line(x, TOP - 8, x, height - 6, percent == 0 ? "exact" : "grid", out);
        picture_label(x, TOP - 14, "middle", percent == 0 ? "0" : text, out);
    }
}

static void print_error(const struct validation *validation, const struct validation_row *row,
                        double y, FILE *out)
{
    const struct validation_run *run = validation_run_of(validation, row);
    const struct measured *measured = &row->scored.measured;
    char metric[METRIC_TEXT_B], name[NAME_B], label[NAME_B + METRIC_TEXT_B + 2];

    validate_metric_text(row->result, metric);
    picture_fit(run->run->name, LABELS / 2.0, name, sizeof name);
    snprintf(label, sizeof label, "%s: %s", name, metric);
    picture_fit(label, LABELS - 16, label, sizeof label);
    picture_label(LABELS - 16, y + 4, "end", label, out);
    picture_line(error_x(score_error(measured, row->predicted.p05)), y,
                 error_x(score_error(measured, row->predicted.p95)), y, class_of(row), out);
    print_mark(validation, row, error_x(row->scored.error), y, out);
}

void validate_chart_errors(const struct validation *validation, const char *paper, FILE *out)
{
    int n = 0;
    for (int i = 0; i < validation->n_rows; i++)
        n += is_of_paper(validation, &validation->rows[i], paper);
    const int height = TOP + n * LINE + LINE / 2;
    char name[NAME_B], title[NAME_B + 16], text[DESCRIPTION_B];

    text_copy(name, sizeof name, paper, sizeof name);
    snprintf(title, sizeof title, "Errors of %s", name);
    snprintf(text, sizeof text,
             "%d values, a line each: the error of the prediction from -100 %% to +100 %%, with "
             "that of the ends of its 90 %% interval. The table of all values has the numbers.",
             n);
    picture_begin(LABELS + SCALE + RIGHT, height, title, text, out);
    print_scale(height, out);
    double y = TOP + LINE / 2.0;
    for (int i = 0; i < validation->n_rows; i++)
        if (is_of_paper(validation, &validation->rows[i], paper)) {
            print_error(validation, &validation->rows[i], y, out);
            y += LINE;
        }
    picture_end(out);
}
