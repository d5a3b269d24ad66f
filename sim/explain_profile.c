#include "explain_profile.h"

#include "command.h"
#include "sim/input/field_describe.h"
#include "sim/input/field_walk.h"
#include "sim/input/profile_document.h"
#include "sim/input/unit.h"
#include "sim/result/grid.h"

#include "models/parameter.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void format_parameter(struct grid *grid, const struct field *field,
                             const struct parameter *p)
{
    char value[QUANTITY_TEXT_B], lo[QUANTITY_TEXT_B], hi[QUANTITY_TEXT_B];
    unit_format(field->dimension, p->value, value);
    unit_format(field->dimension, p->ci95_lo, lo);
    unit_format(field->dimension, p->ci95_hi, hi);
    grid_cell(grid, "%s", value);
    if (parameter_is_uncertain(p))
        grid_cell(grid, "%s to %s", lo, hi);
    else
        grid_cell(grid, "%s", "");
    grid_cell(grid, "%s", p->source);
}

static void add_value(const struct field_visit *visit, void *user)
{
    struct grid *grid = user;
    const struct field *field = visit->field;
    const void *value = field_at(field, visit->base);
    char text[QUANTITY_TEXT_B];
    if (strcmp(visit->path, "name") == 0 || strcmp(visit->path, "title") == 0)
        return;
    grid_row(grid);
    grid_cell(grid, "  %s", visit->path);
    switch (field->kind) {
    case FIELD_PARAMETER:
        format_parameter(grid, field, value);
        break;
    case FIELD_QUANTITY:
        unit_format(field->dimension, *(const double *)value, text);
        grid_cell(grid, "%s", text);
        break;
    case FIELD_CHOICE:
        grid_cell(grid, "%s", field->choices[*(const int *)value]);
        break;
    case FIELD_COUNT:
        grid_cell(grid, "%d", *(const int *)value);
        break;
    default:
        grid_cell(grid, "%s", "");
        break;
    }
}

static int print_profile(const struct profile *profile, const char *name)
{
    const struct document_kind *kind = profile->kind;
    const struct field *title = field_find(kind->fields, "title");
    printf("%s: %s profile\n  %s\n", name, kind->name,
           *(char *const *)field_at(title, profile->values));
    struct grid grid;
    grid_init(&grid);
    grid_column(&grid, "  key", GRID_LEFT);
    grid_column(&grid, "value", GRID_LEFT);
    grid_column(&grid, "95 % interval", GRID_LEFT);
    grid_column(&grid, "source", GRID_LEFT);
    field_walk(kind->fields, profile->values, NULL, "", add_value, &grid);
    const int error = grid_print(&grid, stdout);
    grid_release(&grid);
    return error;
}

int explain_profile(const char *name)
{
    int error = -ENOENT;
    for (const struct document_kind *kind = document_kinds; kind->name; kind++) {
        struct diagnostics *diagnostics = kind->folder ? diagnostics_new() : NULL;
        struct profile *profile = NULL;
        if (!diagnostics)
            continue;
        error = profile_read_shipped(kind, name, diagnostics, &profile);
        diagnostics_print(diagnostics, stderr, 0);
        diagnostics_free(diagnostics);
        if (error == -EINVAL)
            return EXIT_INVALID_INPUT;
        if (!error)
            error = print_profile(profile, name);
        profile_free(profile);
        if (error != -ENOENT)
            return error;
    }
    return error;
}
