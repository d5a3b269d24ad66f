#include "plot.h"

#include "sim/input/unit.h"
#include "sim/result/markup.h"
#include "sim/result/picture.h"
#include "sim/result/statistics.h"

#include <math.h>

enum { WIDTH = 900, HEIGHT = 380, LEFT = 90, RIGHT = 20, TOP = 14, BOTTOM = 52 };
enum { MOST_DECADES = 8, LINEAR_STEPS = 5 };

/* --- axes ---------------------------------------------------------------------------------------
 */

void plot_axis_hold(struct plot_axis *axis, double value)
{
    if (!isfinite(value) || (axis->is_log && value <= 0.0))
        return;
    axis->lo = fmin(axis->lo, value);
    axis->hi = fmax(axis->hi, value);
}

static void settle(struct plot_axis *axis)
{
    static const double margin = 0.05, log_margin = 1.2;
    if (!(axis->lo <= axis->hi)) {
        axis->lo = axis->is_log ? 1.0 : 0.0;
        axis->hi = axis->is_log ? 10.0 : 1.0;
    }
    if (axis->is_log) {
        axis->lo /= log_margin;
        axis->hi *= log_margin;
        return;
    }
    const double room = fmax(margin * (axis->hi - axis->lo), 1e-12 * fmax(1.0, fabs(axis->hi)));
    axis->lo -= room;
    axis->hi += room;
}

/* Where on the axis a value is, 0..1. */
static double part_of(const struct plot_axis *axis, double value)
{
    const double part = axis->is_log && value > 0.0
                            ? log(value / axis->lo) / log(axis->hi / axis->lo)
                        : axis->is_log ? 0.0
                                       : (value - axis->lo) / (axis->hi - axis->lo);
    return fmin(fmax(part, 0.0), 1.0);
}

static double x_of(const struct plot *plot, double x)
{
    return LEFT + part_of(&plot->x, x) * (WIDTH - LEFT - RIGHT);
}

static double y_of(const struct plot *plot, double y)
{
    return HEIGHT - BOTTOM - part_of(&plot->y, y) * (HEIGHT - TOP - BOTTOM);
}

static void label_text(const struct plot_axis *axis, double value, char text[QUANTITY_TEXT_B])
{
    if (axis->is_percent)
        format_percent(text, QUANTITY_TEXT_B, value);
    else
        unit_format(axis->dimension, value, text);
}

static void print_tick(const struct plot *plot, const struct plot_axis *axis, double value)
{
    char text[QUANTITY_TEXT_B];
    label_text(axis, value, text);
    if (axis == &plot->x) {
        const double x = x_of(plot, value);
        picture_line(x, TOP, x, HEIGHT - BOTTOM, "grid", plot->out);
        picture_label(x, HEIGHT - BOTTOM + 18, "middle", text, plot->out);
    } else {
        const double y = y_of(plot, value);
        picture_line(LEFT, y, WIDTH - RIGHT, y, "grid", plot->out);
        picture_label(LEFT - 8, y + 4, "end", text, plot->out);
    }
}

static void print_ticks(const struct plot *plot, const struct plot_axis *axis)
{
    if (axis->is_log) {
        const double first = ceil(log10(axis->lo)), last = floor(log10(axis->hi));
        const double step = fmax(1.0, ceil((last - first) / MOST_DECADES));
        for (double decade = first; decade <= last; decade += step)
            print_tick(plot, axis, pow(10.0, decade));
        return;
    }
    const double rough = (axis->hi - axis->lo) / LINEAR_STEPS;
    const double power = pow(10.0, floor(log10(rough)));
    const double step = power * (rough / power < 2.0 ? 2.0 : rough / power < 5.0 ? 5.0 : 10.0);
    for (double at = ceil(axis->lo / step) * step; at <= axis->hi; at += step)
        print_tick(plot, axis, fabs(at) < 1e-9 * step ? 0.0 : at);
}

void plot_begin(struct plot *plot, const char *title, const char *description, FILE *out)
{
    plot->out = out;
    settle(&plot->x);
    settle(&plot->y);
    picture_begin(WIDTH, HEIGHT, title, description, out);
    print_ticks(plot, &plot->x);
    print_ticks(plot, &plot->y);
    picture_label((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10, "middle", plot->x.label, out);
    picture_label(4, TOP - 2, "start", plot->y.label, out);
}

void plot_end(struct plot *plot)
{
    picture_end(plot->out);
}

/* --- marks --------------------------------------------------------------------------------------
 */

void plot_mark(const struct plot *plot, double x, double y, bool is_filled, const char *words)
{
    const double at_x = x_of(plot, x), at_y = y_of(plot, y);
    if (is_filled)
        fprintf(plot->out, "<circle class='counts' cx='%.1f' cy='%.1f' r='3'><title>", at_x, at_y);
    else
        fprintf(plot->out, "<rect class='input' x='%.1f' y='%.1f' width='6' height='6'><title>",
                at_x - 3.0, at_y - 3.0);
    markup_text(words, plot->out);
    fputs(is_filled ? "</title></circle>\n" : "</title></rect>\n", plot->out);
}

void plot_line(const struct plot *plot, double x1, double y1, double x2, double y2,
               const char *class)
{
    picture_line(x_of(plot, x1), y_of(plot, y1), x_of(plot, x2), y_of(plot, y2), class, plot->out);
}
