#include "picture.h"

#include "markup.h"
#include "sim/input/text.h"
#include "statistics.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

/* --- parts ----------------------------------------------------------------- */

void picture_begin(int width, int height, const char *title, const char *description, FILE *out)
{
    fprintf(out, "<svg role='img' viewBox='0 0 %d %d' width='%d' height='%d'>\n<title>", width,
            height, width, height);
    markup_text(title, out);
    fputs("</title>\n<desc>", out);
    markup_text(description, out);
    fputs("</desc>\n", out);
}

void picture_end(FILE *out)
{
    fputs("</svg>\n", out);
}

void picture_line(double x1, double y1, double x2, double y2, const char *class, FILE *out)
{
    fprintf(out, "<line class='%s' x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f'/>\n", class, x1, y1, x2,
            y2);
}

void picture_label(double x, double y, const char *anchor, const char *text, FILE *out)
{
    fprintf(out, "<text x='%.1f' y='%.1f' text-anchor='%s'>", x, y, anchor);
    markup_text(text, out);
    fputs("</text>\n", out);
}

/* A sans-serif letter of 12 pixels is about so wide. */
static const double letter_width = 6.4;

void picture_fit(const char *text, double width, char *shown, size_t size)
{
    text_copy(shown, size, text, width > 0.0 ? (size_t)(width / letter_width) : 0);
}

/* --- stacked bars ---------------------------------------------------------- */

/* Light enough for dark letters on each; neighbours differ (ColorBrewer's Set3). */
static const char *const colors[] = {"#8dd3c7", "#ffffb3", "#bebada", "#fb8072",
                                     "#80b1d3", "#fdb462", "#b3de69", "#fccde5",
                                     "#d9d9d9", "#bc80bd", "#ccebc5", "#ffed6f"};

enum { BARS_LEFT = 90, BARS_WIDTH = 700, BARS_RIGHT = 110, BAR_HEIGHT = 34, BAR_STEP = 48 };
enum { LEGEND_COLUMNS = 6, LEGEND_COLUMN = 132, LEGEND_ROW = 20, SWATCH = 12 };
enum { VALUE_B = 40, VALUE_DIGITS = 3, NAME_B = 48 };

static double sum_of(const struct stacked_bars *bars, int bar)
{
    double sum = 0.0;
    for (int i = 0; i < bars->n_parts; i++)
        sum += bars->values[bar][i];
    return sum;
}

static void print_part(const struct stacked_bars *bars, int bar, int part, double x, double width,
                       FILE *out)
{
    const double value = bars->values[bar][part], sum = sum_of(bars, bar);
    const int y = bar * BAR_STEP;
    const char *name = bars->part_names[part];
    char number[VALUE_B], shown[NAME_B];

    format_digits(number, sizeof number, value, VALUE_DIGITS);
    fprintf(out, "<rect class='part' fill='%s' x='%.1f' y='%d' width='%.1f' height='%d'><title>",
            colors[part], x, y, width, BAR_HEIGHT);
    markup_text(bars->bar_names[bar], out);
    fputs(": ", out);
    markup_text(name, out);
    fprintf(out, " %s %s, %.1f %%</title></rect>\n", number, bars->unit, 100.0 * value / sum);
    picture_fit(name, width - 6.0, shown, sizeof shown);
    if (strcmp(shown, name) == 0)
        fprintf(out, "<text class='inside' x='%.1f' y='%d' text-anchor='middle'>%s</text>\n",
                x + width / 2.0, y + BAR_HEIGHT / 2 + 4, name);
}

static void print_bar(const struct stacked_bars *bars, int bar, double most, FILE *out)
{
    const double y = bar * BAR_STEP + BAR_HEIGHT / 2.0 + 4.0, sum = sum_of(bars, bar);
    double x = BARS_LEFT;
    char number[VALUE_B], text[VALUE_B + 16];

    picture_label(BARS_LEFT - 8, y, "end", bars->bar_names[bar], out);
    for (int part = 0; part < bars->n_parts; part++) {
        const double width = BARS_WIDTH * bars->values[bar][part] / most;
        if (width > 0.0)
            print_part(bars, bar, part, x, width, out);
        x += width > 0.0 ? width : 0.0;
    }
    format_digits(number, sizeof number, sum, VALUE_DIGITS);
    snprintf(text, sizeof text, "%s %.12s", number, bars->unit);
    picture_label(x + 8, y, "start", text, out);
}

static bool has_part(const struct stacked_bars *bars, int part)
{
    for (int bar = 0; bar < bars->n_bars; bar++)
        if (bars->values[bar][part] > 0.0)
            return true;
    return false;
}

/* What the colours mean, for the parts that are too narrow for their names; below `y`. */
static void print_legend(const struct stacked_bars *bars, int y, FILE *out)
{
    int at = 0;

    for (int part = 0; part < bars->n_parts; part++) {
        if (!has_part(bars, part))
            continue;
        const int left = BARS_LEFT + at % LEGEND_COLUMNS * LEGEND_COLUMN;
        const int top = y + at / LEGEND_COLUMNS * LEGEND_ROW;
        fprintf(out, "<rect class='part' fill='%s' x='%d' y='%d' width='%d' height='%d'/>\n",
                colors[part], left, top, SWATCH, SWATCH);
        picture_label(left + SWATCH + 6, top + SWATCH - 2, "start", bars->part_names[part], out);
        at++;
    }
}

void picture_stacked_bars(const struct stacked_bars *bars, FILE *out)
{
    const int n_bars = bars->n_bars;
    int n_shown = 0;
    double most = 0.0;

    assert(n_bars >= 1 && n_bars <= PICTURE_MAX_BARS);
    assert(bars->n_parts <= (int)(sizeof colors / sizeof colors[0]));
    for (int bar = 0; bar < n_bars; bar++)
        most = fmax(most, sum_of(bars, bar));
    for (int part = 0; part < bars->n_parts; part++)
        n_shown += has_part(bars, part);
    const int n_rows = (n_shown + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
    picture_begin(
        BARS_LEFT + BARS_WIDTH + BARS_RIGHT, n_bars * BAR_STEP + n_rows * LEGEND_ROW, bars->title,
        "Bars on one scale, each cut into its parts. The table below has the numbers.", out);
    for (int bar = 0; bar < n_bars; bar++)
        print_bar(bars, bar, most, out);
    print_legend(bars, n_bars * BAR_STEP, out);
    picture_end(out);
}
