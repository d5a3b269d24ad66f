#include "diagnostic_print.h"

#include "text.h"

#include <string.h>

enum {
    WINDOW_COLUMNS = 96, /* of a source line; with its number it fits 100 columns */
    TAB_COLUMNS = 4,
    CELL_B = 12 /* room for the longest way to show one character: \U0010ffff */
};

/* One character as it is shown. */
struct cell {
    size_t source_B; /* bytes of the text that it stands for */
    char shown[CELL_B];
    int columns;
};

/* True for characters that move the cursor, hide or reorder what stands beside them. */
static bool is_unsafe(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

static struct cell cell_at(const char *text, size_t length)
{
    struct cell cell;
    uint32_t c = 0;
    cell.source_B = text_decode(text, length, &c);
    if (cell.source_B == 0) {
        cell.source_B = 1;
        cell.columns = snprintf(cell.shown, CELL_B, "\\x%02x", (unsigned char)text[0]);
    } else if (c == '\t') {
        cell.columns = snprintf(cell.shown, CELL_B, "%*s", TAB_COLUMNS, "");
    } else if (is_unsafe(c)) {
        cell.columns = snprintf(cell.shown, CELL_B, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
    } else {
        memcpy(cell.shown, text, cell.source_B);
        cell.shown[cell.source_B] = '\0';
        cell.columns = 1;
    }
    return cell;
}

static void print_visibly(const char *text, FILE *out)
{
    const size_t length = strlen(text);
    for (size_t at = 0; at < length;) {
        const struct cell cell = cell_at(text + at, length - at);
        fputs(cell.shown, out);
        at += cell.source_B;
    }
}

/* Columns that the first `n_characters` of the line take on the terminal. */
static int columns_before(const char *line, size_t length, int n_characters)
{
    int columns = 0;
    size_t at = 0;
    for (int i = 0; i < n_characters && at < length; i++) {
        const struct cell cell = cell_at(line + at, length - at);
        columns += cell.columns;
        at += cell.source_B;
    }
    return columns;
}

/* Prints the columns [from, from + WINDOW_COLUMNS) of the line; returns those before them that are
 * not shown, dots counted as shown. */
static int print_window(const char *line, size_t length, int from, FILE *out)
{
    int column = 0, first = -1;
    size_t at = 0;
    while (at < length) {
        const struct cell cell = cell_at(line + at, length - at);
        if (column >= from && first < 0) {
            first = column;
            fputs(from > 0 ? "..." : "", out);
        }
        if (column + cell.columns > from + WINDOW_COLUMNS) {
            fputs("...", out);
            break;
        }
        if (first >= 0)
            fputs(cell.shown, out);
        column += cell.columns;
        at += cell.source_B;
    }
    fputc('\n', out);
    return from > 0 ? first - 3 : 0;
}

static void print_source(const struct place *place, const char *text, size_t length, FILE *out,
                         const char *mark, const char *plain)
{
    const char *line;
    size_t line_length;
    if (place->line < 1 || !text_line(text, length, place->line, &line, &line_length))
        return;
    const int caret = columns_before(line, line_length, place->column - 1);
    const int from = caret > WINDOW_COLUMNS * 3 / 4 ? caret - WINDOW_COLUMNS / 2 : 0;
    fprintf(out, "%5d | ", place->line);
    const int hidden = print_window(line, line_length, from, out);
    if (place->column > 0)
        fprintf(out, "      | %*s%s^%s\n", caret - hidden, "", mark, plain);
}

void diagnostic_print(const struct diagnostic *diagnostic, const char *text, size_t length,
                      FILE *out, int color)
{
    const bool is_error = diagnostic->severity == SEVERITY_ERROR;
    const char *mark = !color ? "" : is_error ? "\033[1;31m" : "\033[1;35m";
    const char *plain = color ? "\033[0m" : "";

    print_visibly(diagnostic->place.file, out);
    if (diagnostic->place.line > 0)
        fprintf(out, ":%d", diagnostic->place.line);
    if (diagnostic->place.line > 0 && diagnostic->place.column > 0)
        fprintf(out, ":%d", diagnostic->place.column);
    fprintf(out, ": %s%s:%s ", mark, is_error ? "error" : "warning", plain);
    print_visibly(diagnostic->message, out);
    fputc('\n', out);

    print_source(&diagnostic->place, text, length, out, mark, plain);
    if (diagnostic->hint[0] != '\0') {
        fputs("      = ", out);
        print_visibly(diagnostic->hint, out);
        fputc('\n', out);
    }
}
