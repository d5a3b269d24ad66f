#include "profile_text.h"

#include "sim/input/field_pieces.h"
#include "sim/input/field_walk.h"
#include "sim/input/unit.h"
#include "sim/result/wrap.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { INDENT = 2, COMMENT_WIDTH = 110 };
enum { LEAST_DIGITS = 3, MOST_DIGITS = 6, DIGITS_WITHOUT_INTERVAL = 4 };

/* --- numbers ---------------------------------------------------------------------------------- */

bool parameter_is_set(const struct parameter *parameter)
{
    return parameter->source && parameter->source[0] != '\0';
}

int parameter_digits(const struct parameter *parameter)
{
    static const double parts_of_half_width = 20.0;
    const double half_width = 0.5 * (parameter->ci95_hi - parameter->ci95_lo);
    if (parameter->value == 0.0 || half_width <= 0.0)
        return DIGITS_WITHOUT_INTERVAL;
    /* Rounding to n digits errs by up to half of 10^(1 - n) of the first digit's place. */
    const double digits =
        ceil(log10(0.5 * fabs(parameter->value) * parts_of_half_width / half_width)) + 1.0;
    return (int)fmin(fmax(digits, LEAST_DIGITS), MOST_DIGITS);
}

void quantity_text(enum dimension dimension, double value, int digits, char text[QUANTITY_TEXT_B])
{
    char rounded[40];
    snprintf(rounded, sizeof rounded, "%.*e", digits - 1, value);
    unit_format(dimension, strtod(rounded, NULL), text);
}

static void print_quantity(enum dimension dimension, double value, int digits, FILE *out)
{
    char text[QUANTITY_TEXT_B];
    quantity_text(dimension, value, digits, text);
    fputs(text, out);
}

/* Sizes and counts are exact, and those of messages are told in bytes unless they are round. */
static void print_exact(enum dimension dimension, double value, FILE *out)
{
    static const double told_in_bytes_B = 1e7;
    char text[QUANTITY_TEXT_B];
    unit_format(dimension, value, text);
    if (dimension == DIMENSION_BYTES && value < told_in_bytes_B && value == floor(value) &&
        !strstr(text, "iB"))
        fprintf(out, "%.0f B", value);
    else
        fputs(text, out);
}

static void print_quoted(const char *text, FILE *out)
{
    fputc('"', out);
    for (const char *at = text; *at; at++) {
        if (*at == '"' || *at == '\\')
            fputc('\\', out);
        fputc((unsigned char)*at < ' ' ? ' ' : *at, out);
    }
    fputc('"', out);
}

void parameter_text_print(const struct field *field, const struct parameter *parameter,
                          const char *known_source, FILE *out)
{
    const int digits = parameter_digits(parameter);

    fputs("{value: ", out);
    print_quantity(field->dimension, parameter->value, digits, out);
    if (parameter->ci95_lo < parameter->ci95_hi) {
        fputs(", ci95: [", out);
        print_quantity(field->dimension, parameter->ci95_lo, digits, out);
        fputs(", ", out);
        print_quantity(field->dimension, parameter->ci95_hi, digits, out);
        fputc(']', out);
    }
    if (isfinite(parameter->valid_lo) && isfinite(parameter->valid_hi) &&
        parameter->valid_lo < parameter->valid_hi) {
        fputs(", valid: [", out);
        print_exact(field->valid_dimension, parameter->valid_lo, out);
        fputs(", ", out);
        print_exact(field->valid_dimension, parameter->valid_hi, out);
        fputc(']', out);
    }
    if (parameter_is_set(parameter) &&
        (!known_source || strcmp(known_source, parameter->source) != 0)) {
        fputs(", source: ", out);
        print_quoted(parameter->source, out);
    }
    fputc('}', out);
}

/* --- sources ------------------------------------------------------------------------------------
 */

enum { MAX_SOURCES = 32 };

/* How often each source stands in a profile. */
struct sources {
    int n;
    const char *texts[MAX_SOURCES];
    int counts[MAX_SOURCES];
};

static void count_source(const struct field_visit *visit, void *user)
{
    struct sources *sources = user;
    const struct parameter *parameter = field_at(visit->field, visit->base);
    if (visit->field->kind != FIELD_PARAMETER || !parameter_is_set(parameter))
        return;
    int i = 0;
    while (i < sources->n && strcmp(sources->texts[i], parameter->source) != 0)
        i++;
    if (i == MAX_SOURCES)
        return;
    if (i == sources->n) {
        sources->texts[sources->n++] = parameter->source;
        sources->counts[i] = 0;
    }
    sources->counts[i]++;
}

/* The source that most parameters have, which the document then says once; NULL: none is repeated.
 */
static const char *common_source(const struct document_kind *kind, const void *values)
{
    struct sources sources = {0};
    int most = 1;
    const char *common = NULL;
    field_walk(kind->fields, values, NULL, "", count_source, &sources);
    for (int i = 0; i < sources.n; i++)
        if (sources.counts[i] > most) {
            most = sources.counts[i];
            common = sources.texts[i];
        }
    return common;
}

/* --- keys ---------------------------------------------------------------------------------------
 */

static bool is_wanted(const struct field *field, const void *base);

static bool has_wanted(const struct field fields[], const void *base)
{
    for (const struct field *field = fields; field->key; field++)
        if (is_wanted(field, base))
            return true;
    return false;
}

static bool is_wanted(const struct field *field, const void *base)
{
    const void *value = field_at(field, base);
    const bool is_required = field->fallback == NULL;
    switch (field->kind) {
    case FIELD_TEXT:
        return *(char *const *)value != NULL;
    case FIELD_CHOICE:
    case FIELD_COUNT:
        return is_required || *(const int *)value != 0;
    case FIELD_QUANTITY:
        return is_required || *(const double *)value != 0.0;
    case FIELD_PARAMETER:
        return is_required || parameter_is_set(value);
    case FIELD_GROUP:
        return has_wanted(field->fields, value);
    case FIELD_PIECES:
        return field_pieces_count(field, base) > 0;
    default:
        return false;
    }
}

static void print_comment(const char *text, int indent, FILE *out)
{
    char *line = NULL;
    size_t size = 0;
    FILE *lines = open_memstream(&line, &size);
    if (!lines)
        return;
    wrap_print(text, 0, COMMENT_WIDTH - indent, lines);
    if (fclose(lines) == 0)
        for (char *at = strtok(line, "\n"); at; at = strtok(NULL, "\n"))
            fprintf(out, "%*s# %s\n", indent, "", at);
    free(line);
}

static void print_value(const struct field *field, const void *value, const char *known_source,
                        FILE *out)
{
    switch (field->kind) {
    case FIELD_TEXT:
        print_quoted(*(char *const *)value, out);
        break;
    case FIELD_CHOICE:
        fputs(field->choices[*(const int *)value], out);
        break;
    case FIELD_COUNT:
        fprintf(out, "%d", *(const int *)value);
        break;
    case FIELD_QUANTITY:
        print_exact(field->dimension, *(const double *)value, out);
        break;
    case FIELD_PARAMETER:
        parameter_text_print(field, value, known_source, out);
        break;
    default:
        assert(!"profiles have no other values");
    }
}

static void print_fields(const struct field fields[], const void *base, int indent,
                         const char *known_source, FILE *out);

/* A list whose entries begin with their first key behind the dash. */
static void print_pieces(const struct field *field, const void *base, int indent,
                         const char *known_source, FILE *out)
{
    for (int i = 0; i < field_pieces_count(field, base); i++) {
        const struct field *first = field->fields;
        const void *piece = (const char *)base + field_piece_offset(field, i);
        fprintf(out, "%*s- %s: ", indent + INDENT, "", first->key);
        print_value(first, field_at(first, piece), known_source, out);
        fputc('\n', out);
        print_fields(first + 1, piece, indent + 2 * INDENT, known_source, out);
    }
}

static void print_fields(const struct field fields[], const void *base, int indent,
                         const char *known_source, FILE *out)
{
    for (const struct field *field = fields; field->key; field++) {
        const void *value = field_at(field, base);
        if (!is_wanted(field, base))
            continue;
        if (field->kind == FIELD_GROUP) {
            print_comment(field->help, indent, out);
            fprintf(out, "%*s%s:\n", indent, "", field->key);
            print_fields(field->fields, value, indent + INDENT, known_source, out);
            continue;
        }
        if (field->kind == FIELD_PIECES) {
            print_comment(field->help, indent, out);
            fprintf(out, "%*s%s:\n", indent, "", field->key);
            print_pieces(field, base, indent, known_source, out);
            continue;
        }
        if (field->kind == FIELD_PARAMETER && indent == 0)
            print_comment(field->help, indent, out);
        fprintf(out, "%*s%s: ", indent, "", field->key);
        print_value(field, value, known_source, out);
        fputc('\n', out);
    }
}

void profile_text_print(const struct document_kind *kind, const void *values, const char *head,
                        FILE *out)
{
    print_comment(head, 0, out);
    const char *source = common_source(kind, values);
    fprintf(out, "schema: %s\n", kind->schema);
    if (source) {
        fputs("# Of all numbers that name no other.\nsource: ", out);
        print_quoted(source, out);
        fputc('\n', out);
    }
    print_fields(kind->fields, values, 0, source, out);
}
