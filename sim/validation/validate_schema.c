/*
 * validate_schema.c - the JSON Schema of what a validation found, for those who read it by program.
 */
#include "validate_json.h"

#include "sim/result/json_value.h"
#include "sim/result/result_json.h"

static const char schema_text[] =
    "{'$schema': 'https://json-schema.org/draft/2020-12/schema',"
    " 'title': 'Result of a vhpcsim validation', 'type': 'object',"
    " 'required': ['schema', 'cases', 'summary', 'by_paper', 'runs', 'provenance'],"
    " 'properties': {"
    "   'schema': {'const': '" VALIDATION_RESULT_SCHEMA "'},"
    "   'cases': {'type': 'array', 'items': {'$ref': '#/$defs/case'}},"
    "   'summary': {'$ref': '#/$defs/summary'},"
    "   'by_paper': {'type': 'object', 'additionalProperties': {'$ref': '#/$defs/summary'}},"
    "   'runs': {'type': 'array', 'items': {'type': 'object', 'description':"
    "     'What was simulated; vhpcsim run takes scenario and set',"
    "     'required': ['file', 'run', 'scenario', 'set', 'either', 'scenario_hash', 'warnings'],"
    "     'properties': {"
    "       'file': {'type': 'string'}, 'run': {'type': 'string'},"
    "       'scenario': {'type': 'string'}, 'set': {'$ref': '#/$defs/settings'},"
    "       'either': {'type': 'array', 'items': {'$ref': '#/$defs/settings'}, 'description':"
    "         'Alternatives of which the source does not tell which it was'},"
    "       'scenario_hash': {'type': 'string', 'pattern': '^[0-9a-f]{16}$'},"
    "       'warnings': {'type': 'array', 'items': {'type': 'string'}}}}},"
    "   'provenance': {'type': 'object',"
    "     'required': ['tool', 'simgrid', 'gsl', 'seed', 'replications'],"
    "     'properties': {"
    "       'tool': {'type': 'object', 'required': ['name', 'version']},"
    "       'simgrid': {'type': 'string'}, 'gsl': {'type': 'string'},"
    "       'seed': {'type': 'integer'}, 'replications': {'type': 'integer', 'minimum': 1},"
    "       'command_line': {'type': 'string'}, 'host': {'type': 'string'},"
    "       'wall_s': {'type': 'number', 'minimum': 0}}}}}";

static const char case_text[] =
    "{'type': 'object', 'description': 'One value, measured and predicted',"
    " 'required': ['paper', 'file', 'run', 'system', 'configuration', 'metric', 'over', 'unit',"
    "   'published', 'uncertainty', 'relation', 'role', 'predicted', 'error', 'in_interval',"
    "   'model_interval', 'in_model_interval',"
    "   'tolerance', 'within_tolerance', 'where', 'row', 'note'],"
    " 'properties': {"
    "   'paper': {'type': 'string'}, 'file': {'type': 'string'}, 'run': {'type': 'string'},"
    "   'system': {'type': 'string'}, 'configuration': {'type': 'string'},"
    "   'metric': {'type': 'string'},"
    "   'over': {'type': ['string', 'null'], 'description': 'Run that it is compared with'},"
    "   'unit': {'type': 'string'},"
    "   'published': {'type': ['number', 'null'], 'description': 'null: nobody measured it'},"
    "   'uncertainty': {'type': 'number', 'minimum': 0, 'description':"
    "     'Half width of the range that the source prints'},"
    "   'relation': {'enum': ['equals', 'at_least', 'at_most']},"
    "   'role': {'enum': ['predicted', 'input']},"
    "   'predicted': {'type': 'object',"
    "     'required': ['p05', 'p50', 'p95', 'mean', 'central', 'n'], 'properties': {"
    "       'p05': {'type': 'number'}, 'p50': {'type': 'number'}, 'p95': {'type': 'number'},"
    "       'mean': {'type': 'number'}, 'central': {'type': 'number'},"
    "       'n': {'type': 'integer', 'minimum': 1},"
    "       'n_alternatives': {'type': 'integer', 'minimum': 1, 'description':"
    "         'Over which the draws are dealt'}}},"
    "   'error': {'type': ['number', 'null'], 'description':"
    "     'Relative; of values in percent the difference in points over 100'},"
    "   'in_interval': {'type': ['boolean', 'null']},"
    "   'model_interval': {'type': ['object', 'null'], 'required': ['lo', 'hi'], 'description':"
    "     'Widened by the error that the model had in other papers', 'properties': {"
    "       'lo': {'type': 'number'}, 'hi': {'type': ['number', 'null']}}},"
    "   'in_model_interval': {'type': ['boolean', 'null']},"
    "   'tolerance': {'type': ['number', 'null'], 'minimum': 0},"
    "   'within_tolerance': {'type': ['boolean', 'null']},"
    "   'where': {'type': ['string', 'null']}, 'row': {'type': ['string', 'null']},"
    "   'note': {'type': ['string', 'null']},"
    "   'diagnosis': {'$ref': '#/$defs/diagnosis'}}}";

static const char summary_text[] =
    "{'type': 'object', 'description': 'Inputs left out; null: there is no value to summarize',"
    " 'required': ['n', 'median_abs_error', 'mean_abs_error', 'p90_abs_error',"
    "   'worst_abs_error', 'in_interval_share', 'n_with_model_interval',"
    "   'in_model_interval_share', 'n_pairs', 'n_pairs_right', 'ordering_share'],"
    " 'properties': {"
    "   'n': {'type': 'integer', 'minimum': 0},"
    "   'median_abs_error': {'type': ['number', 'null'], 'minimum': 0},"
    "   'mean_abs_error': {'type': ['number', 'null'], 'minimum': 0},"
    "   'p90_abs_error': {'type': ['number', 'null'], 'minimum': 0},"
    "   'worst_abs_error': {'type': ['number', 'null'], 'minimum': 0},"
    "   'in_interval_share': {'type': ['number', 'null'], 'minimum': 0, 'maximum': 1},"
    "   'n_with_model_interval': {'type': 'integer', 'minimum': 0},"
    "   'in_model_interval_share': {'type': ['number', 'null'], 'minimum': 0, 'maximum': 1},"
    "   'n_pairs': {'type': 'integer', 'minimum': 0},"
    "   'n_pairs_right': {'type': 'integer', 'minimum': 0},"
    "   'ordering_share': {'type': ['number', 'null'], 'minimum': 0, 'maximum': 1}}}";

json_t *validate_schema_json(void)
{
    json_t *schema = json_value_quoted(schema_text);
    json_t *definitions = result_schema_definitions();

    json_value_set(&definitions, "case", json_value_quoted(case_text));
    json_value_set(&definitions, "summary", json_value_quoted(summary_text));
    json_value_set(&definitions, "settings",
                   json_value_quoted("{'type': 'array', 'items': {'type': 'string'}}"));
    json_value_set(&schema, "$defs", definitions);
    return schema;
}
