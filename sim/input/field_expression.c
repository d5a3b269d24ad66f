#include "field_expression.h"

#include "field_describe.h"
#include "field_value.h"

#include <string.h>

/* Where nobody declares variables. */
static const struct scope no_variables = {.n = 1, .names = {"p"}, .values = {1.0}};

void field_read_expression(struct reading *reading, const struct field *field,
                           const struct tree *tree, struct expression *expression)
{
    const char *text = field_scalar(reading, field, tree);
    if (!text)
        return;
    const struct scope *scope = reading->scope ? reading->scope : &no_variables;
    struct unit_problem problem;
    if (scope->is_broken)
        return;
    if (!expression_parse(field->dimension, text, scope, expression, &problem)) {
        struct place place = tree->place;
        place.column += tree->is_quoted ? 0 : (int)problem.at_B;
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, place, problem.hint, "%s",
                        problem.message);
    } else if (expression->is_plain && !field_allows(field, expression->value)) {
        field_refuse_range(reading, field, tree->place, text);
    }
}

/* False, with a diagnostic, when the entry declares no variable. */
static bool is_declaration(struct reading *reading, const struct field *field,
                           const struct scope *scope, const struct tree_entry *entry)
{
    const char *reason = scope_refuses(entry->key);
    if (!reason && scope->n == SCOPE_MAX_NAMES - 1) /* one is for scope_step */
        reason = "there are too many variables";
    if (reason)
        diagnostics_add(reading->diagnostics, SEVERITY_ERROR, entry->key_place, field->help,
                        "\"%.60s\" cannot be a variable: %s", entry->key, reason);
    return !reason;
}

void field_read_variables(struct reading *reading, const struct field *field,
                          const struct tree *tree, const char *path, struct variables *variables)
{
    *variables = (struct variables){0, NULL};
    struct scope *scope = arena_alloc(reading->arena, sizeof *scope);
    if (!scope)
        return;
    scope_set(scope, scope_ranks, 1.0);
    reading->scope = scope;
    if (tree->kind == TREE_SCALAR || tree->kind == TREE_LIST)
        field_refuse(reading, field, tree->place, "variables are a mapping of names to numbers");
    scope->is_broken = tree->kind != TREE_MAP;
    if (scope->is_broken)
        return;
    struct variable *items =
        arena_alloc(reading->arena, ((size_t)tree->n_entries + 1) * sizeof *items);
    for (int i = 0; items && i < tree->n_entries; i++) {
        const struct tree_entry *entry = &tree->entries[i];
        const char *key = arena_format(reading->arena, "%s.%s", path, entry->key);
        if (key)
            diagnostics_note_key(reading->diagnostics, key, entry->value->place);
        if (!is_declaration(reading, field, scope, entry))
            continue;
        struct field row = *field;
        row.key = entry->key;
        row.kind = FIELD_EXPRESSION;
        struct variable *item = &items[variables->n++];
        item->name = entry->key;
        field_read_expression(reading, &row, entry->value, &item->expression);
        scope_set(scope, entry->key, 1.0); /* also where its value is wrong: it is declared */
    }
    variables->items = items;
    scope_set(scope, scope_step, 0.0);
}
