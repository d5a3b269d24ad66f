/*
 * result_schema.c - the JSON Schema of results, for those who read them by program.
 *
 * Documents of one schema version only ever gain members, so unknown ones are allowed.
 */
#include "result_json.h"

#include "json_value.h"

static const char schema_text[] =
    "{'$schema': 'https://json-schema.org/draft/2020-12/schema',"
    " 'title': 'Result of a vhpcsim run', 'type': 'object',"
    " 'required': ['schema', 'title', 'workload', 'answer', 'metrics', 'layers', 'host_cpu',"
    "   'traffic', 'warnings', 'provenance'],"
    " 'properties': {"
    "   'schema': {'const': 'vhpcsim-result/1'},"
    "   'title': {'type': 'string'},"
    "   'workload': {'type': 'string'},"
    "   'answer': {'type': 'string', 'description': 'The result in one sentence'},"
    "   'metrics': {'type': 'object', 'required': ['time_s'], 'minProperties': 1,"
    "     'additionalProperties': {'$ref': '#/$defs/metric'}},"
    "   'layers': {'type': 'object', 'description':"
    "     'Seconds of the central run by layer, mean over ranks; they sum to its time_s',"
    "     'additionalProperties': {'type': 'number'}},"
    "   'host_cpu': {'type': 'object', 'description':"
    "     'Core seconds of the central run by domain, all nodes',"
    "     'additionalProperties': {'type': 'number'}},"
    "   'traffic': {'type': 'object', 'required': ['messages', 'bytes', 'largest_message_B'],"
    "     'description': 'Point to point messages of the central run',"
    "     'properties': {'messages': {'type': 'integer', 'minimum': 0},"
    "       'bytes': {'type': 'integer', 'minimum': 0},"
    "       'largest_message_B': {'type': 'number', 'minimum': 0}}},"
    "   'collectives': {'type': 'array', 'description':"
    "     'What the MPI library of the central run took for its collectives',"
    "     'items': {'type': 'object',"
    "       'required': ['collective', 'algorithm', 'two_level', 'calls', 'smallest_B',"
    "         'largest_B', 'fewest_ranks', 'most_ranks'],"
    "       'properties': {"
    "         'collective': {'type': 'string'}, 'algorithm': {'type': 'string'},"
    "         'two_level': {'type': 'boolean', 'description':"
    "           'On each node first or last, and the algorithm between nodes'},"
    "         'calls': {'type': 'integer', 'minimum': 1},"
    "         'smallest_B': {'type': 'integer', 'minimum': 0},"
    "         'largest_B': {'type': 'integer', 'minimum': 0},"
    "         'fewest_ranks': {'type': 'integer', 'minimum': 2},"
    "         'most_ranks': {'type': 'integer', 'minimum': 2}}}},"
    "   'native': {'$ref': '#/$defs/gain', 'description': 'The same without virtualization'},"
    "   'counterfactuals': {'type': 'array', 'items': {'$ref': '#/$defs/gain'}},"
    "   'diagnoses': {'type': 'object', 'description':"
    "     'What would explain each metric that was measured',"
    "     'additionalProperties': {'$ref': '#/$defs/diagnosis'}},"
    "   'warnings': {'type': 'array', 'items': {'type': 'object',"
    "     'required': ['kind', 'place', 'message', 'hint'],"
    "     'properties': {'kind': {'enum': ['note', 'warning']},"
    "       'place': {'type': 'string', 'description': 'A key, or file:line:column'},"
    "       'message': {'type': 'string'}, 'hint': {'type': 'string'}}}},"
    "   'provenance': {'type': 'object',"
    "     'required': ['tool', 'simgrid', 'gsl', 'engine', 'scenario_hash', 'seed',"
    "       'replications', 'profiles', 'scenario'],"
    "     'properties': {"
    "       'tool': {'type': 'object', 'required': ['name', 'version']},"
    "       'simgrid': {'type': 'string'}, 'gsl': {'type': 'string'},"
    "       'engine': {'type': 'string'},"
    "       'scenario_hash': {'type': 'string', 'pattern': '^[0-9a-f]{16}$'},"
    "       'model_error': {'type': 'object', 'description':"
    "         'How far the model was from what papers published, as factors',"
    "         'required': ['n', 'median_factor', 'p90_factor', 'papers']},"
    "       'seed': {'type': 'integer'}, 'replications': {'type': 'integer', 'minimum': 1},"
    "       'profiles': {'type': 'object',"
    "         'required': ['node', 'link', 'mpi', 'technology']},"
    "       'scenario': {'type': 'object', 'description':"
    "         'Every value after includes, overrides and defaults'},"
    "       'scenario_path': {'type': 'string'}, 'command_line': {'type': 'string'},"
    "       'host': {'type': 'string'}, 'wall_s': {'type': 'number', 'minimum': 0}}}}}";

/* Its $defs, which other documents have too; a compiler need not take all in one string. */
static const char definitions_text[] =
    "{"
    "   'metric': {'type': 'object',"
    "     'required': ['p10', 'p50', 'p90', 'mean', 'central', 'n', 'unit', 'more_is_better'],"
    "     'properties': {"
    "       'p10': {'type': 'number'}, 'p50': {'type': 'number'}, 'p90': {'type': 'number'},"
    "       'mean': {'type': 'number'},"
    "       'central': {'type': 'number', 'description': 'Every parameter at its value'},"
    "       'n': {'type': 'integer', 'minimum': 1,"
    "         'description': 'Draws behind the quantiles; 1: the central run alone'},"
    "       'unit': {'type': 'string'}, 'more_is_better': {'type': 'boolean'}}},"
    "   'gain': {'type': 'object',"
    "     'required': ['made_native', 'help', 'metric', 'value', 'gain', 'time_s'],"
    "     'properties': {'made_native': {'type': 'string'}, 'help': {'type': 'string'},"
    "       'metric': {'type': 'string'}, 'value': {'type': 'number'},"
    "       'gain': {'type': ['number', 'null'],"
    "         'description': 'Above 1: better than the run itself; null: takes no time at all'},"
    "       'time_s': {'type': 'number', 'minimum': 0}}},"
    "   'diagnosis': {'type': 'object',"
    "     'required': ['slowdown', 'within_intervals', 'text', 'explanations'],"
    "     'properties': {"
    "       'slowdown': {'type': 'number', 'exclusiveMinimum': 0, 'description':"
    "         'Measured over predicted, as times: above 1 is slower than predicted'},"
    "       'within_intervals': {'type': 'boolean', 'description':"
    "         'One layer explains it within the intervals of its parameters'},"
    "       'text': {'type': 'string'}, 'measured': {'type': 'number'},"
    "       'explanations': {'type': 'array', 'items': {'type': 'object',"
    "         'required': ['layer', 'scale', 'allowed_lo', 'allowed_hi', 'is_allowed'],"
    "         'properties': {'layer': {'type': 'string'},"
    "           'scale': {'type': 'number', 'minimum': 0, 'description':"
    "             'What the cost of the layer would have to be multiplied by'},"
    "           'allowed_lo': {'type': 'number', 'minimum': 0},"
    "           'allowed_hi': {'type': ['number', 'null'], 'minimum': 1,"
    "             'description': 'null: nothing bounds it'},"
    "           'is_allowed': {'type': 'boolean'}}}}}}}";

json_t *result_schema_definitions(void)
{
    return json_value_quoted(definitions_text);
}

json_t *result_schema_json(void)
{
    json_t *schema = json_value_quoted(schema_text);
    json_value_set(&schema, "$defs", result_schema_definitions());
    return schema;
}
