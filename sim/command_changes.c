#include "command_changes.h"

#include "sim/input/unit.h"
#include "sim/result/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const double usual_margin = 0.03;

double command_margin(const char *word, struct argp_state *state)
{
    char *end;
    const double percent = strtod(word, &end);
    if (end == word || (*end != '\0' && strcmp(end, "%") != 0) || !(percent > 0.0) ||
        percent > 100.0)
        argp_error(state, "--margin must be a percentage above 0 and up to 100, and is \"%s\"",
                   word);
    return percent / 100.0;
}

static void format_value(const struct field *field, const void *value,
                         char text[2 * QUANTITY_TEXT_B])
{
    if (!value) {
        snprintf(text, 2 * QUANTITY_TEXT_B, "-");
        return;
    }
    switch (field->kind) {
    case FIELD_PARAMETER:
        unit_format(field->dimension, ((const struct parameter *)value)->value, text);
        break;
    case FIELD_QUANTITY:
        unit_format(field->dimension, *(const double *)value, text);
        break;
    case FIELD_CHOICE:
        snprintf(text, 2 * QUANTITY_TEXT_B, "%s", field->choices[*(const int *)value]);
        break;
    case FIELD_BOOL:
        snprintf(text, 2 * QUANTITY_TEXT_B, "%s", *(const bool *)value ? "on" : "off");
        break;
    case FIELD_LONG:
        snprintf(text, 2 * QUANTITY_TEXT_B, "%ld", *(const long *)value);
        break;
    default:
        snprintf(text, 2 * QUANTITY_TEXT_B, "%d", *(const int *)value);
        break;
    }
}

static bool is_shown(const struct profile_change *change, bool shows_all)
{
    return shows_all || (change->verdict != CHANGE_NONE && change->verdict != CHANGE_WITHIN);
}

static void add_change(struct grid *grid, const struct profile_change *change)
{
    char first[2 * QUANTITY_TEXT_B], second[2 * QUANTITY_TEXT_B];

    format_value(change->field, change->first, first);
    format_value(change->field, change->second, second);
    grid_row(grid);
    grid_cell(grid, "  %s", change->path);
    grid_cell(grid, "%s", first);
    grid_cell(grid, "%s", second);
    if (isfinite(change->ratio))
        grid_cell(grid, "%.3g (%.3g to %.3g)", change->ratio, change->ratio_lo, change->ratio_hi);
    else
        grid_cell(grid, "%s", "");
    grid_cell(grid, "%s", change_verdict_names[change->verdict]);
}

int changes_print(const struct profile_changes *changes, const char *first, const char *second,
                  bool shows_all, FILE *out)
{
    struct grid grid;

    grid_init(&grid);
    grid_set_width(&grid, 110);
    grid_column(&grid, "  key", GRID_LEFT);
    grid_column(&grid, first, GRID_RIGHT);
    grid_column(&grid, second, GRID_RIGHT);
    grid_column(&grid, "ratio (95 % interval)", GRID_LEFT);
    grid_column(&grid, "", GRID_LEFT);
    for (int i = 0; i < changes->n; i++) {
        if (is_shown(&changes->items[i], shows_all))
            add_change(&grid, &changes->items[i]);
    }
    const int error = grid.n_rows > 0 ? grid_print(&grid, out) : 0;
    grid_release(&grid);
    return error;
}

static json_t *value_json(const struct field *field, const void *value)
{
    char text[2 * QUANTITY_TEXT_B];

    if (!value)
        return json_null();
    if (field->kind == FIELD_PARAMETER) {
        const struct parameter *p = value;
        return json_pack("{s:f, s:[f, f]}", "value", p->value, "ci95", p->ci95_lo, p->ci95_hi);
    }
    if (field->kind == FIELD_QUANTITY && isfinite(*(const double *)value))
        return json_real(*(const double *)value);
    format_value(field, value, text);
    return json_string(text);
}

static json_t *number_json(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *change_json(const struct profile_change *change)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:[o, o], s:s}", "key", change->path, "first",
                     value_json(change->field, change->first), "second",
                     value_json(change->field, change->second), "ratio", number_json(change->ratio),
                     "ci95", number_json(change->ratio_lo), number_json(change->ratio_hi),
                     "verdict", change_verdict_names[change->verdict]);
}

json_t *changes_json(const struct profile_changes *changes)
{
    json_t *rows = json_array();
    for (int i = 0; i < changes->n; i++)
        json_array_append_new(rows, change_json(&changes->items[i]));
    return rows;
}
