/*
 * comparison_schema.c - the JSON Schema of comparisons, for those who read them by program.
 */
#include "comparison_print.h"

#include "json_value.h"
#include "result_json.h"

static const char schema_text[] =
    "{'$schema': 'https://json-schema.org/draft/2020-12/schema',"
    " 'title': 'Comparison of two vhpcsim runs', 'type': 'object',"
    " 'required': ['schema', 'answer', 'metrics', 'layers', 'counterfactuals', 'first', 'second'],"
    " 'properties': {"
    "   'schema': {'const': '" COMPARISON_SCHEMA "'},"
    "   'answer': {'type': 'string', 'description': 'The comparison in one sentence'},"
    "   'metrics': {'type': 'object', 'description': 'Those that both have',"
    "     'required': ['time_s'], 'additionalProperties': {'type': 'object',"
    "       'required': ['unit', 'more_is_better', 'first', 'second', 'ratio'],"
    "       'properties': {"
    "         'unit': {'type': 'string'}, 'more_is_better': {'type': 'boolean'},"
    "         'first': {'type': 'number', 'description': 'P50'},"
    "         'second': {'type': 'number', 'description': 'P50'},"
    "         'ratio': {'type': 'object', 'description': 'Second over first, draw by draw',"
    "           'required': ['central', 'n'], 'properties': {"
    "             'central': {'type': ['number', 'null'], 'description':"
    "               'Every parameter at its value; null: the first is 0'},"
    "             'n': {'type': 'integer', 'minimum': 0, 'description':"
    "               'Draws behind the quantiles; 0: one of them is no number, and none is told'},"
    "             'p10': {'type': 'number'}, 'p50': {'type': 'number'},"
    "             'p90': {'type': 'number'}, 'mean': {'type': 'number'}}}}}},"
    "   'layers': {'type': 'object', 'description': 'Of the central runs, mean over ranks',"
    "     'additionalProperties': {'type': 'object',"
    "       'required': ['first_s', 'second_s', 'added_s', 'share_of_loss'],"
    "       'properties': {"
    "         'first_s': {'type': 'number'}, 'second_s': {'type': 'number'},"
    "         'added_s': {'type': 'number'},"
    "         'share_of_loss': {'type': ['number', 'null'],"
    "           'description': 'Of the time lost; null: none is'}}}},"
    "   'counterfactuals': {'type': 'array',"
    "     'description': 'The second with one thing made native or ideal',"
    "     'items': {'type': 'object',"
    "       'required': ['made_native', 'help', 'metric', 'value', 'share_of_gap'],"
    "       'properties': {'made_native': {'type': 'string'}, 'help': {'type': 'string'},"
    "         'metric': {'type': 'string'}, 'value': {'type': 'number'},"
    "         'share_of_gap': {'type': ['number', 'null'],"
    "           'description': 'Of the gap between the two; null: the second is not slower'}}}},"
    "   'first': {'$ref': '#/$defs/result'}, 'second': {'$ref': '#/$defs/result'}}}";

/* The schema of results without its own definitions, which stand beside it here. */
static json_t *result_part(void)
{
    json_t *schema = result_schema_json();
    if (schema != NULL)
        json_object_del(schema, "$defs");
    return schema;
}

json_t *comparison_schema_json(void)
{
    json_t *schema = json_value_quoted(schema_text);
    json_t *definitions = result_schema_definitions();

    json_value_set(&definitions, "result", result_part());
    json_value_set(&schema, "$defs", definitions);
    return schema;
}
