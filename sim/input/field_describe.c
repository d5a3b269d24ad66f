#include "field_describe.h"

#include "suggest.h"
#include "unit.h"
#include "variant.h"

#include "models/parameter.h"

#include <assert.h>
#include <string.h>

enum { MAX_KEYS = 64 };

bool field_allows(const struct field *field, double value)
{
    if (field->min == 0.0 && field->max == 0.0)
        return isfinite(value);
    if (field->min_is_excluded && value == field->min)
        return false;
    return value >= field->min && value <= field->max;
}

const struct field *field_find(const struct field fields[], const char *key)
{
    for (const struct field *field = fields; field->key; field++)
        if (strcmp(field->key, key) == 0)
            return field;
    return NULL;
}

const char *field_suggest(const struct field fields[], const char *key)
{
    const char *keys[MAX_KEYS];
    size_t n = 0;
    for (const struct field *field = fields; field->key; field++) {
        assert(n < MAX_KEYS);
        keys[n++] = field->key;
    }
    return suggest(key, n, keys);
}

size_t field_size_B(const struct field *field)
{
    switch (field->kind) {
    case FIELD_QUANTITY:
        return sizeof(double);
    case FIELD_PARAMETER:
        return sizeof(struct parameter);
    case FIELD_COUNT:
    case FIELD_CHOICE:
        return sizeof(int);
    case FIELD_LONG:
        return sizeof(long);
    case FIELD_BOOL:
        return sizeof(bool);
    default:
        assert(!"only leaves have one size");
        return 0;
    }
}

bool field_is_required(const struct field *field)
{
    if (field->kind != FIELD_GROUP)
        return !field->fallback;
    for (const struct field *inner = field->fields; inner->key; inner++)
        if (field_is_required(inner))
            return true;
    return false;
}

void field_describe_kind(const struct field *field, char text[FIELD_TEXT_B])
{
    static const char *const names[] = {
        [FIELD_TEXT] = "text",
        [FIELD_CHOICE] = "choice",
        [FIELD_BOOL] = "truth value",
        [FIELD_COUNT] = "whole number",
        [FIELD_LONG] = "whole number",
        [FIELD_GROUP] = "mapping",
        [FIELD_PROFILE] = "profile",
        [FIELD_VARIANT] = "mapping with the key kind",
        [FIELD_COUNTS] = "whole numbers",
        [FIELD_VARIANTS] = "list of mappings with the key kind",
        [FIELD_EXPRESSION] = "expression of",
        [FIELD_VARIABLES] = "mapping of names to numbers",
        [FIELD_TEXTS] = "list of texts",
        [FIELD_TEXT_LISTS] = "list of lists of texts",
        [FIELD_PIECES] = "mappings, one from each size on,",
        [FIELD_LIST] = "list of mappings",
    };
    if (field->kind == FIELD_QUANTITY || field->kind == FIELD_PARAMETER)
        snprintf(text, FIELD_TEXT_B, "%s", dimension_name(field->dimension));
    else if (field->kind == FIELD_EXPRESSION)
        snprintf(text, FIELD_TEXT_B, "%s a%s %s", names[field->kind],
                 field->dimension == DIMENSION_WORK ? "n" : "", dimension_name(field->dimension));
    else if (field->kind == FIELD_PROFILE)
        snprintf(text, FIELD_TEXT_B, "%s %s", field->document, names[field->kind]);
    else if (field->kind == FIELD_COUNTS || field->kind == FIELD_PIECES)
        snprintf(text, FIELD_TEXT_B, "list of at most %d %s", field->max_items, names[field->kind]);
    else
        snprintf(text, FIELD_TEXT_B, "%s", names[field->kind]);
}

static void describe_choices(const struct field *field, char text[FIELD_TEXT_B])
{
    size_t length = 0;
    text[0] = '\0';
    for (int i = 0; field->choices[i] && length < FIELD_TEXT_B; i++) {
        const char *between = i == 0 ? "" : field->choices[i + 1] ? ", " : " or ";
        length += (size_t)snprintf(text + length, FIELD_TEXT_B - length, "%s%s", between,
                                   field->choices[i]);
    }
}

/* Whole numbers are printed as such, however large they are. */
static void format_bound(const struct field *field, double bound, char text[QUANTITY_TEXT_B])
{
    const bool is_whole = field->kind == FIELD_COUNT || field->kind == FIELD_LONG ||
                          field->kind == FIELD_COUNTS ||
                          (field->kind == FIELD_EXPRESSION && field->dimension == DIMENSION_NONE);
    if (is_whole && isfinite(bound))
        snprintf(text, QUANTITY_TEXT_B, "%.0f", bound);
    else
        unit_format(field->dimension, bound, text);
}

static void describe_keys(const struct field *field, char text[FIELD_TEXT_B])
{
    size_t length = (size_t)snprintf(text, FIELD_TEXT_B, "with the keys ");
    for (const struct field *inner = field->fields; inner->key && length < FIELD_TEXT_B; inner++)
        length += (size_t)snprintf(text + length, FIELD_TEXT_B - length, "%s%s",
                                   inner == field->fields ? "" : ", ", inner->key);
}

void field_describe_range(const struct field *field, char text[FIELD_TEXT_B])
{
    text[0] = '\0';
    if (field->kind == FIELD_GROUP || field->kind == FIELD_PIECES || field->kind == FIELD_LIST)
        describe_keys(field, text);
    if (field->kind == FIELD_CHOICE)
        describe_choices(field, text);
    if (field->kind == FIELD_BOOL)
        snprintf(text, FIELD_TEXT_B, "true or false");
    if (field->min == 0.0 && field->max == 0.0)
        return;

    char min[QUANTITY_TEXT_B], max[QUANTITY_TEXT_B];
    format_bound(field, field->min, min);
    format_bound(field, field->max, max);
    const bool has_max = isfinite(field->max);
    if (field->min_is_excluded && has_max)
        snprintf(text, FIELD_TEXT_B, "above %s, at most %s", min, max);
    else if (field->min_is_excluded)
        snprintf(text, FIELD_TEXT_B, "above %s", min);
    else if (has_max)
        snprintf(text, FIELD_TEXT_B, "from %s to %s", min, max);
    else
        snprintf(text, FIELD_TEXT_B, "%s or more", min);
}

static const char *expression_example(const struct field *field)
{
    switch (field->dimension) {
    case DIMENSION_BYTES:
        return "n/p*8 B or 64 KiB";
    case DIMENSION_WORK:
        return "2*n^3/p flop or 3 Mflop";
    default:
        return field->dimension == DIMENSION_NONE ? "ceil(n/64) or 16"
                                                  : dimension_examples(field->dimension);
    }
}

/* Plain numbers are parts, small deviations or factors, as their range tells. */
static const char *number_example(const struct field *field)
{
    if (field_allows(field, 0.92))
        return "0.92 or 92 %";
    return field_allows(field, 0.02) ? "0.02 or 2 %" : "1.5 or 150 %";
}

static const char *example(const struct field *field)
{
    switch (field->kind) {
    case FIELD_COUNT:
    case FIELD_LONG:
        return "16";
    case FIELD_COUNTS:
        return "[4, 4]";
    case FIELD_QUANTITY:
    case FIELD_PARAMETER:
        return field->dimension == DIMENSION_NONE ? number_example(field)
                                                  : dimension_examples(field->dimension);
    case FIELD_EXPRESSION:
        return expression_example(field);
    case FIELD_VARIABLES:
        return "{n: 4096, local: n/p}";
    case FIELD_VARIANT:
    case FIELD_VARIANTS:
        return field->variants->example;
    case FIELD_PROFILE:
        return "the name of a shipped one, ./my.yaml, or {profile: NAME, KEY: VALUE}";
    default:
        return NULL;
    }
}

void field_describe_example(const struct field *field, char text[FIELD_TEXT_B])
{
    const char *one = example(field);
    if (field->kind == FIELD_CHOICE)
        one = field->choices[0];
    /* Of the two that quantities have, the first. */
    const bool is_quantity = field->kind == FIELD_QUANTITY || field->kind == FIELD_PARAMETER ||
                             field->kind == FIELD_EXPRESSION;
    const char *end = one && is_quantity ? strstr(one, " or ") : NULL;
    snprintf(text, FIELD_TEXT_B, "%.*s", end ? (int)(end - one) : FIELD_TEXT_B, one ? one : "");
}

void field_describe_expected(const struct field *field, char text[FIELD_TEXT_B])
{
    char kind[FIELD_TEXT_B], range[FIELD_TEXT_B];
    field_describe_kind(field, kind);
    field_describe_range(field, range);
    if (field->kind == FIELD_CHOICE || field->kind == FIELD_BOOL)
        kind[0] = '\0';
    const bool has_article = field->kind != FIELD_TEXT && kind[0] != '\0';
    const char *such_as = example(field);
    const char *article = !has_article                                            ? ""
                          : strchr("ae", kind[0]) || strncmp(kind, "mpi", 3) == 0 ? "an "
                                                                                  : "a ";
    const int length = snprintf(text, FIELD_TEXT_B, "expected %s%s%s%s", article, kind,
                                kind[0] && range[0] ? " " : "", range);
    if (such_as && length < FIELD_TEXT_B)
        snprintf(text + length, FIELD_TEXT_B - (size_t)length, ", such as %s", such_as);
}
