#include "field_value.h"

#include "field_describe.h"
#include "field_expression.h"
#include "unit.h"

#include "models/parameter.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

void field_refuse(struct reading *reading, const struct field *field, struct place place,
                  const char *message)
{
    char hint[FIELD_TEXT_B];
    field_describe_expected(field, hint);
    diagnostics_add(reading->diagnostics, SEVERITY_ERROR, place, hint, "%s", message);
}

void field_refuse_range(struct reading *reading, const struct field *field, struct place place,
                        const char *text)
{
    char range[FIELD_TEXT_B];
    field_describe_range(field, range);
    diagnostics_add(reading->diagnostics, SEVERITY_ERROR, place, field->help,
                    "%.40s is out of range: %s must be %s", text, field->key, range);
}

const char *field_scalar(struct reading *reading, const struct field *field,
                         const struct tree *tree)
{
    if (tree->kind == TREE_INVALID)
        return NULL;
    char message[160];
    if (tree->kind != TREE_SCALAR)
        snprintf(message, sizeof message, "%s takes one value, not a %s", field->key,
                 tree->kind == TREE_LIST ? "list" : "mapping");
    else if (tree->text[0] == '\0' && !tree->is_quoted)
        snprintf(message, sizeof message, "%s has no value", field->key);
    else
        return tree->text;
    field_refuse(reading, field, tree->place, message);
    return NULL;
}

static void read_choice(struct reading *reading, const struct field *field, const struct tree *tree,
                        int *target)
{
    const char *text = field_scalar(reading, field, tree);
    if (!text)
        return;
    size_t n = 0;
    for (; field->choices[n]; n++)
        if (strcmp(field->choices[n], text) == 0) {
            *target = (int)n;
            return;
        }
    field_refuse_word(reading, tree->place, field->key, text, n, field->choices);
}

static void read_bool(struct reading *reading, const struct field *field, const struct tree *tree,
                      bool *target)
{
    static const char *const words[] = {"true", "false"};
    const char *text = field_scalar(reading, field, tree);
    if (!text)
        return;
    *target = strcmp(text, "true") == 0;
    if (!*target && strcmp(text, "false") != 0)
        field_refuse_word(reading, tree->place, field->key, text, 2, words);
}

/* A whole number in the range of the field and from `lowest` to `highest`, what the target holds.
 */
static bool read_whole(struct reading *reading, const struct field *field, const struct tree *tree,
                       long lowest, long highest, long *value)
{
    const char *text = field_scalar(reading, field, tree);
    if (!text)
        return false;
    const size_t n_digits = strspn(text + (text[0] == '-'), "0123456789");
    if (n_digits == 0 || text[n_digits + (text[0] == '-')] != '\0') {
        char message[160];
        snprintf(message, sizeof message, "\"%.60s\" is not a whole number", text);
        field_refuse(reading, field, tree->place, message);
        return false;
    }
    errno = 0;
    *value = strtol(text, NULL, 10);
    if (errno == ERANGE || *value < lowest || *value > highest) {
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, tree->place, field->help,
                        "%.40s is too large a number for %s", text, field->key);
        return false;
    }
    if (field_allows(field, (double)*value))
        return true;
    field_refuse_range(reading, field, tree->place, text);
    return false;
}

static void read_count(struct reading *reading, const struct field *field, const struct tree *tree,
                       int *target)
{
    long value;
    if (read_whole(reading, field, tree, INT_MIN, INT_MAX, &value))
        *target = (int)value;
}

static void read_counts(struct reading *reading, const struct field *field, const struct tree *tree,
                        int *counts, int *n_counts)
{
    *n_counts = 0;
    if (tree->kind == TREE_INVALID)
        return;
    if (tree->kind != TREE_LIST) {
        read_count(reading, field, tree, counts); /* one number is a list of one */
        *n_counts = 1;
        return;
    }
    if (tree->n_entries > field->max_items) {
        field_refuse(reading, field, tree->place, "the list is too long");
        return;
    }
    for (int i = 0; i < tree->n_entries; i++)
        read_count(reading, field, tree->entries[i].value, &counts[i]);
    *n_counts = tree->n_entries;
}

static bool read_quantity(struct reading *reading, const struct field *field,
                          enum dimension dimension, const struct tree *tree, double *value)
{
    const char *text = field_scalar(reading, field, tree);
    if (!text)
        return false;
    struct unit_problem problem;
    if (unit_parse(dimension, text, value, &problem))
        return true;
    struct place place = tree->place;
    place.column += tree->is_quoted ? 0 : (int)problem.at_B;
    diagnostics_add(reading->diagnostics, SEVERITY_ERROR, place, problem.hint, "%s",
                    problem.message);
    return false;
}

static bool read_in_range(struct reading *reading, const struct field *field,
                          const struct tree *tree, double *target)
{
    double value;
    if (!read_quantity(reading, field, field->dimension, tree, &value))
        return false;
    if (!field_allows(field, value)) {
        field_refuse_range(reading, field, tree->place, tree->text);
        return false;
    }
    *target = value;
    return true;
}

/* Reads `[lo, hi]`; both in `dimension`. */
static bool read_pair(struct reading *reading, const struct field *field, enum dimension dimension,
                      const char *key, const struct tree *tree, double *lo, double *hi)
{
    if (tree->kind == TREE_INVALID)
        return false;
    if (tree->kind != TREE_LIST || tree->n_entries != 2) {
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, tree->place,
                        "write [LOW, HIGH], each with its unit", "%s takes a list of two values",
                        key);
        return false;
    }
    const bool has_lo = read_quantity(reading, field, dimension, tree->entries[0].value, lo);
    const bool has_hi = read_quantity(reading, field, dimension, tree->entries[1].value, hi);
    if (!has_lo || !has_hi || *lo <= *hi)
        return has_lo && has_hi;
    diagnostics_add(reading->diagnostics, SEVERITY_ERROR, tree->place, "write [LOW, HIGH]",
                    "the bounds of %s are in the wrong order", key);
    return false;
}

static void read_interval(struct reading *reading, const struct field *field,
                          const struct tree *tree, bool has_value, struct parameter *parameter)
{
    double lo, hi;
    if (!read_pair(reading, field, field->dimension, "ci95", tree, &lo, &hi))
        return;
    if (!field_allows(field, lo) || !field_allows(field, hi)) {
        const int which = field_allows(field, lo);
        field_refuse_range(reading, field, tree->entries[which].value->place,
                           tree->entries[which].value->text);
    } else if (has_value && (parameter->value < lo || parameter->value > hi)) {
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, tree->place,
                        "the 95 % interval must contain the value",
                        "the value of %s is outside its ci95", field->key);
    } else {
        parameter->ci95_lo = lo;
        parameter->ci95_hi = hi;
    }
}

static const char *const parameter_keys[] = {"value", "ci95", "source", "valid"};
enum { N_PARAMETER_KEYS = sizeof parameter_keys / sizeof *parameter_keys };

static void refuse_unknown_keys(struct reading *reading, const struct tree *map)
{
    for (int i = 0; i < map->n_entries; i++) {
        int k = 0;
        while (k < N_PARAMETER_KEYS && strcmp(map->entries[i].key, parameter_keys[k]) != 0)
            k++;
        if (k == N_PARAMETER_KEYS)
            field_refuse_word(reading, map->entries[i].key_place, "key of a parameter",
                              map->entries[i].key, N_PARAMETER_KEYS, parameter_keys);
    }
}

static void read_parameter_map(struct reading *reading, const struct field *field,
                               const struct tree *map, struct parameter *parameter)
{
    refuse_unknown_keys(reading, map);
    const struct tree_entry *value = tree_find(map, "value");
    const struct tree_entry *ci95 = tree_find(map, "ci95");
    const struct tree_entry *source = tree_find(map, "source");
    const struct tree_entry *valid = tree_find(map, "valid");

    bool has_value = false;
    if (value)
        has_value = read_in_range(reading, field, value->value, &parameter->value);
    else
        field_refuse(reading, field, map->place, "missing key \"value\"");
    parameter->ci95_lo = parameter->ci95_hi = parameter->value;
    if (ci95)
        read_interval(reading, field, ci95->value, has_value, parameter);
    if (valid)
        read_pair(reading, field, field->valid_dimension, "valid", valid->value,
                  &parameter->valid_lo, &parameter->valid_hi);
    static const struct field source_field = {
        .key = "source", .kind = FIELD_TEXT, .help = "Where the number comes from."};
    const char *text = source ? field_scalar(reading, &source_field, source->value) : NULL;
    if (text)
        parameter->source = text;
}

static void read_parameter(struct reading *reading, const struct field *field,
                           const struct tree *tree, struct parameter *parameter)
{
    *parameter = parameter_exact(0.0);
    const bool is_sourced = reading->source_file && tree->place.file &&
                            strcmp(reading->source_file, tree->place.file) == 0;
    if (tree->is_default)
        parameter->source = FIELD_DEFAULT_SOURCE;
    else if (is_sourced)
        parameter->source = reading->source;

    if (tree->kind == TREE_MAP) {
        read_parameter_map(reading, field, tree, parameter);
    } else if (read_in_range(reading, field, tree, &parameter->value)) {
        parameter->ci95_lo = parameter->ci95_hi = parameter->value;
    }
}

static void read_text(struct reading *reading, const struct field *field, const struct tree *tree,
                      char **target)
{
    const char *text = field_scalar(reading, field, tree);
    if (text)
        *target = arena_copy(reading->arena, text, strlen(text));
}

void field_read_value(struct reading *reading, const struct field *field, const struct tree *tree,
                      void *base)
{
    void *target = (char *)base + field->offset;
    switch (field->kind) {
    case FIELD_TEXT:
        read_text(reading, field, tree, target);
        break;
    case FIELD_CHOICE:
        read_choice(reading, field, tree, target);
        break;
    case FIELD_BOOL:
        read_bool(reading, field, tree, target);
        break;
    case FIELD_COUNT:
        read_count(reading, field, tree, target);
        break;
    case FIELD_LONG: {
        long value;
        if (read_whole(reading, field, tree, LONG_MIN, LONG_MAX, &value))
            *(long *)target = value;
        break;
    }
    case FIELD_COUNTS:
        read_counts(reading, field, tree, target, (int *)((char *)base + field->count_offset));
        break;
    case FIELD_QUANTITY:
        read_in_range(reading, field, tree, target);
        break;
    case FIELD_PARAMETER:
        read_parameter(reading, field, tree, target);
        break;
    case FIELD_EXPRESSION:
        field_read_expression(reading, field, tree, target);
        break;
    case FIELD_GROUP:
    case FIELD_PROFILE:
    case FIELD_VARIANT:
    case FIELD_VARIANTS:
    case FIELD_VARIABLES:
    case FIELD_TEXTS:
    case FIELD_TEXT_LISTS:
    case FIELD_PIECES:
    case FIELD_LIST:
        assert(!"not a leaf");
        break;
    }
}
