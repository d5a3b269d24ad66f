#include "scenario_json.h"

#include "document.h"
#include "expression.h"
#include "field_pieces.h"
#include "field_walk.h"
#include "scenario.h"
#include "variant.h"

#include <assert.h>

static json_t *quantity_json(enum dimension dimension, double value)
{
    json_t *object = json_object();
    json_object_set_new(object, "value", json_real(value));
    if (dimension != DIMENSION_NONE)
        json_object_set_new(object, "unit", json_string(dimension_si_unit(dimension)));
    return object;
}

static json_t *parameter_json(const struct field *field, const struct parameter *p)
{
    json_t *object = quantity_json(field->dimension, p->value);
    if (parameter_is_uncertain(p))
        json_object_set_new(object, "ci95", json_pack("[f,f]", p->ci95_lo, p->ci95_hi));
    if (isfinite(p->valid_lo) && isfinite(p->valid_hi)) {
        json_object_set_new(object, "valid", json_pack("[f,f]", p->valid_lo, p->valid_hi));
        if (field->valid_dimension != DIMENSION_NONE)
            json_object_set_new(object, "valid_unit",
                                json_string(dimension_si_unit(field->valid_dimension)));
    }
    if (p->source[0] != '\0')
        json_object_set_new(object, "source", json_string(p->source));
    return object;
}

static json_t *counts_json(const int *counts, int n)
{
    json_t *array = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(array, json_integer(counts[i]));
    return array;
}

static json_t *variant_json(const struct variant_set *set, struct variant_value value)
{
    struct variant variant;
    variant_of_row(set, value.row, &variant);
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string(variant.name));
    json_t *rest = field_json(variant.fields, value.spec);
    json_object_update(object, rest);
    json_decref(rest);
    return object;
}

static json_t *variants_json(const struct variant_set *set, const struct variant_list *list)
{
    json_t *array = json_array();
    for (int i = 0; i < list->n; i++)
        json_array_append_new(array, variant_json(set, list->values[i]));
    return array;
}

static json_t *pieces_json(const struct field *field, const void *base)
{
    json_t *array = json_array();
    for (int i = 0; i < field_pieces_count(field, base); i++)
        json_array_append_new(
            array, field_json(field->fields, (const char *)base + field_piece_offset(field, i)));
    return array;
}

/* Formulas as they were written: their values are the workload's, step by step. */
static json_t *expression_json(enum dimension dimension, const struct expression *expression)
{
    return expression->is_plain ? quantity_json(dimension, expression->value)
                                : json_string(expression->text);
}

static json_t *variables_json(const struct variables *variables)
{
    json_t *object = json_object();
    for (int i = 0; i < variables->n; i++)
        json_object_set_new(object, variables->items[i].name,
                            expression_json(DIMENSION_NONE, &variables->items[i].expression));
    return object;
}

static json_t *value_json(const struct field *field, const void *base)
{
    const void *value = field_at(field, base);
    switch (field->kind) {
    case FIELD_TEXT:
        return json_string(*(char *const *)value);
    case FIELD_CHOICE:
        return json_string(field->choices[*(const int *)value]);
    case FIELD_BOOL:
        return json_boolean(*(const bool *)value);
    case FIELD_COUNT:
        return json_integer(*(const int *)value);
    case FIELD_LONG:
        return json_integer(*(const long *)value);
    case FIELD_COUNTS:
        return counts_json(value, *(const int *)((const char *)base + field->count_offset));
    case FIELD_QUANTITY:
        return quantity_json(field->dimension, *(const double *)value);
    case FIELD_PARAMETER:
        return parameter_json(field, value);
    case FIELD_GROUP:
        return field_json(field->fields, value);
    case FIELD_PROFILE:
        return field_json(document_kind_by_name(field->document)->fields, value);
    case FIELD_VARIANT:
        return variant_json(field->variants, variant_get(field, base));
    case FIELD_VARIANTS:
        return variants_json(field->variants, value);
    case FIELD_PIECES:
        return pieces_json(field, base);
    case FIELD_EXPRESSION:
        return expression_json(field->dimension, value);
    case FIELD_VARIABLES:
        return variables_json(value);
    case FIELD_TEXTS:
    case FIELD_TEXT_LISTS:
    case FIELD_LIST:
        assert(!"neither scenarios nor profiles have them");
    }
    return NULL;
}

json_t *field_json(const struct field fields[], const void *base)
{
    json_t *object = json_object();
    for (const struct field *field = fields; field->key; field++)
        if (json_object_set_new(object, field->key, value_json(field, base)) != 0) {
            json_decref(object);
            return NULL;
        }
    return object;
}

json_t *scenario_resolved_json(const struct scenario *scenario)
{
    return field_json(scenario_fields, scenario);
}
