#include "table_parts.h"

#include "statistics.h"

enum { BAR_WIDTH = 30, NUMBER_SIZE = 32, NUMBER_DIGITS = 3 };

static void print_colored(const char *color_code, bool color, const char *text, FILE *out)
{
    fprintf(out, "%s%s%s", color ? color_code : "", text, color ? "\033[0m" : "");
}

void print_strong(const char *text, bool color, FILE *out)
{
    print_colored("\033[1m", color, text, out);
}

void print_warning_word(const char *text, bool color, FILE *out)
{
    print_colored("\033[33m", color, text, out);
}

void print_heading(const char *text, bool color, FILE *out)
{
    fputc('\n', out);
    print_strong(text, color, out);
    fputc('\n', out);
}

void print_metric_value(const struct metric *metric, double value, FILE *out)
{
    char number[NUMBER_SIZE];
    format_digits(number, sizeof number, value, metric->digits);
    fprintf(out, "%s", number);
}

void grid_cell_value(struct grid *grid, const struct metric *metric, double value)
{
    char number[NUMBER_SIZE];
    format_digits(number, sizeof number, value, metric->digits);
    grid_cell(grid, "%s", number);
}

void grid_cell_number(struct grid *grid, double value)
{
    char number[NUMBER_SIZE];
    format_digits(number, sizeof number, value, NUMBER_DIGITS);
    grid_cell(grid, "%s", number);
}

void grid_cell_bar(struct grid *grid, double share)
{
    static const char bar[BAR_WIDTH + 1] = "##############################";
    const int length = share > 0.0 ? (int)(share * BAR_WIDTH + 0.5) : 0;
    grid_cell(grid, "%.*s", length < BAR_WIDTH ? length : BAR_WIDTH, bar);
}

void grid_cell_percent(struct grid *grid, double share)
{
    char text[NUMBER_SIZE];
    format_percent(text, sizeof text, share);
    grid_cell(grid, "%s", text);
}
