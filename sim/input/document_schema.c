#include "document_schema.h"

#include "field_describe.h"
#include "field_read.h"
#include "unit.h"
#include "variant.h"

#include <string.h>

enum { MAX_PATTERN_B = 400 };

static const char *const number_pattern = "[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?";

static json_t *object_schema(const struct field fields[], bool has_required);

static json_t *text_schema(void)
{
    return json_pack("{s:s}", "type", "string");
}

/* "B|kB|MB|..." */
static void unit_pattern(enum dimension dimension, char pattern[MAX_PATTERN_B])
{
    const char *unit;
    pattern[0] = '\0';
    for (int i = 0; (unit = dimension_unit(dimension, i)); i++) {
        const size_t length = strlen(pattern);
        snprintf(pattern + length, MAX_PATTERN_B - length, "%s%s", i > 0 ? "|" : "", unit);
    }
}

static json_t *quantity_schema(enum dimension dimension)
{
    if (dimension == DIMENSION_NONE)
        return json_pack("{s:[{s:s},{s:s,s:o}]}", "anyOf", "type", "number", "type", "string",
                         "pattern", json_sprintf("^%s *%%?$", number_pattern));
    char units[MAX_PATTERN_B];
    unit_pattern(dimension, units);
    return json_pack("{s:s,s:o}", "type", "string", "pattern",
                     json_sprintf("^%s *(%s)$", number_pattern, units));
}

static json_t *pair_schema(enum dimension dimension)
{
    return json_pack("{s:s,s:o,s:i,s:i}", "type", "array", "items", quantity_schema(dimension),
                     "minItems", 2, "maxItems", 2);
}

/* A plain quantity, or a mapping that says more of it. */
static json_t *parameter_schema(const struct field *field)
{
    json_t *properties = json_pack("{s:o,s:o,s:o,s:o}", "value", quantity_schema(field->dimension),
                                   "ci95", pair_schema(field->dimension), "source", text_schema(),
                                   "valid", pair_schema(field->valid_dimension));
    return json_pack("{s:[o,{s:s,s:o,s:b}]}", "anyOf", quantity_schema(field->dimension), "type",
                     "object", "properties", properties, "additionalProperties", 0);
}

static json_t *whole_schema(const struct field *field)
{
    json_t *schema = json_pack("{s:s}", "type", "integer");
    if (field->min == 0.0 && field->max == 0.0)
        return schema;
    json_object_set_new(schema, field->min_is_excluded ? "exclusiveMinimum" : "minimum",
                        json_integer((json_int_t)field->min));
    if (isfinite(field->max))
        json_object_set_new(schema, "maximum", json_integer((json_int_t)field->max));
    return schema;
}

/* YAML of version 1.1, which many editors read, takes the words on and off for truth values. */
static json_t *choice_schema(const struct field *field)
{
    json_t *choices = json_array();
    for (int i = 0; field->choices[i]; i++) {
        const char *choice = field->choices[i];
        json_array_append_new(choices, json_string(choice));
        if (strcmp(choice, "on") == 0 || strcmp(choice, "off") == 0)
            json_array_append_new(choices, json_boolean(choice[1] == 'n'));
    }
    return json_pack("{s:o}", "enum", choices);
}

/* A name or path, or a mapping with `profile` and any of the profile's keys. */
static json_t *profile_schema(const struct field *field)
{
    json_t *overrides = object_schema(document_fields_below(field), false);
    json_object_set_new(json_object_get(overrides, "properties"), "profile", text_schema());
    json_object_set_new(overrides, "required", json_pack("[s]", "profile"));
    return json_pack("{s:[o,o]}", "anyOf", text_schema(), overrides);
}

static json_t *one_variant_schema(const struct variant *variant)
{
    /* What a file may give is not required beside it. */
    json_t *schema = object_schema(variant->fields, !variant->read_file);
    json_t *properties = json_object_get(schema, "properties");
    json_object_set_new(properties, field_kind.key, json_pack("{s:s}", "const", variant->name));
    if (variant->read_file)
        json_object_set_new(properties, field_file.key, text_schema());
    json_t *required = json_object_get(schema, "required");
    if (!required)
        json_object_set_new(schema, "required", required = json_array());
    json_array_append_new(required, json_string(field_kind.key));
    json_object_set_new(schema, "description", json_string(variant->help));
    return schema;
}

static json_t *variant_schema(const struct variant_set *set)
{
    json_t *schemas = json_array();
    struct variant variant;
    for (size_t i = 0; set->at(i, &variant); i++)
        json_array_append_new(schemas, one_variant_schema(&variant));
    return json_pack("{s:o}", "oneOf", schemas);
}

/* Lists of variants may stand in each other: what they list is a definition of the document. */
static json_t *variants_schema(const struct variant_set *set)
{
    return json_pack("{s:s,s:i,s:{s:o}}", "type", "array", "minItems", 1, "items", "$ref",
                     json_sprintf("#/$defs/%s", set->what));
}

static void add_definitions(json_t *definitions, const struct field fields[]);

/* What the keys of the set's kinds refer to and, where lists stand in the document, the set. */
static void define_variants(json_t *definitions, const struct variant_set *set, bool is_listed)
{
    struct variant variant;
    if (is_listed && json_object_get(definitions, set->what))
        return;
    if (is_listed)
        json_object_set_new(definitions, set->what, variant_schema(set));
    for (size_t i = 0; set->at(i, &variant); i++)
        add_definitions(definitions, variant.fields);
}

static void add_definitions(json_t *definitions, const struct field fields[])
{
    for (const struct field *field = fields; field->key; field++) {
        if (field->variants)
            define_variants(definitions, field->variants, field->kind == FIELD_VARIANTS);
        else if (document_fields_below(field))
            add_definitions(definitions, document_fields_below(field));
    }
}

/* A number, or a text that ends in a unit; a schema cannot read formulas. */
static json_t *expression_schema(enum dimension dimension)
{
    if (dimension == DIMENSION_NONE)
        return json_pack("{s:[s,s]}", "type", "number", "string");
    char units[MAX_PATTERN_B];
    unit_pattern(dimension, units);
    return json_pack("{s:s,s:o}", "type", "string", "pattern", json_sprintf("[0-9 ](%s)$", units));
}

static json_t *variables_schema(void)
{
    return json_pack("{s:s,s:o}", "type", "object", "additionalProperties",
                     expression_schema(DIMENSION_NONE));
}

static json_t *list_schema(json_t *items, int n_at_least)
{
    return json_pack("{s:s,s:o,s:i}", "type", "array", "items", items, "minItems", n_at_least);
}

static json_t *pieces_schema(const struct field *field, bool has_required)
{
    json_t *schema = list_schema(object_schema(field->fields, has_required), 0);
    json_object_set_new(schema, "maxItems", json_integer(field->max_items));
    return schema;
}

static json_t *kind_schema(const struct field *field, bool has_required)
{
    switch (field->kind) {
    case FIELD_TEXT:
        return text_schema();
    case FIELD_CHOICE:
        return choice_schema(field);
    case FIELD_BOOL:
        return json_pack("{s:s}", "type", "boolean");
    case FIELD_COUNT:
    case FIELD_LONG:
        return whole_schema(field);
    case FIELD_COUNTS:
        return json_pack("{s:[o,{s:s,s:o,s:i}]}", "anyOf", whole_schema(field), "type", "array",
                         "items", whole_schema(field), "maxItems", field->max_items);
    case FIELD_QUANTITY:
        return quantity_schema(field->dimension);
    case FIELD_PARAMETER:
        return parameter_schema(field);
    case FIELD_GROUP:
        return object_schema(field->fields, has_required);
    case FIELD_PROFILE:
        return profile_schema(field);
    case FIELD_VARIANT:
        return variant_schema(field->variants);
    case FIELD_VARIANTS:
        return variants_schema(field->variants);
    case FIELD_EXPRESSION:
        return expression_schema(field->dimension);
    case FIELD_VARIABLES:
        return variables_schema();
    case FIELD_TEXTS:
        return list_schema(text_schema(), 0);
    case FIELD_TEXT_LISTS:
        return list_schema(list_schema(text_schema(), 0), 0);
    case FIELD_PIECES:
        return pieces_schema(field, has_required);
    case FIELD_LIST:
        return list_schema(object_schema(field->fields, has_required), 1);
    }
    return NULL;
}

/* The default as JSON has it: whole numbers and truth values are no texts there. */
static json_t *default_json(const struct field *field)
{
    switch (field->kind) {
    case FIELD_COUNT:
    case FIELD_LONG:
    case FIELD_BOOL:
    case FIELD_COUNTS:
    case FIELD_VARIABLES:
    case FIELD_TEXTS:
    case FIELD_TEXT_LISTS:
    case FIELD_PIECES:
        return json_loads(field->fallback, JSON_DECODE_ANY, NULL);
    default:
        return json_string(field->fallback);
    }
}

static json_t *field_schema(const struct field *field, bool has_required)
{
    json_t *schema = kind_schema(field, has_required);
    json_object_set_new(schema, "description", json_string(field->help));
    const bool may_be_left_out =
        field->kind == FIELD_QUANTITY && field->fallback && field->fallback[0] == '\0';
    if (field->fallback && field->fallback[0] != '@' && !may_be_left_out)
        json_object_set_new(schema, "default", default_json(field));
    return schema;
}

static json_t *object_schema(const struct field fields[], bool has_required)
{
    json_t *properties = json_object(), *required = json_array();
    for (const struct field *field = fields; field->key; field++) {
        json_object_set_new(properties, field->key, field_schema(field, has_required));
        if (has_required && field_is_required(field))
            json_array_append_new(required, json_string(field->key));
    }
    json_t *schema = json_pack("{s:s,s:o,s:b}", "type", "object", "properties", properties,
                               "additionalProperties", 0);
    if (json_array_size(required) > 0)
        json_object_set(schema, "required", required);
    json_decref(required);
    return schema;
}

json_t *document_schema_json(const struct document_kind *kind)
{
    json_t *schema =
        json_pack("{s:s,s:s,s:s}", "$schema", "https://json-schema.org/draft/2020-12/schema",
                  "title", kind->schema, "description", kind->help);
    json_t *object = object_schema(kind->fields, true);
    json_object_update(schema, object);
    json_decref(object);

    json_t *properties = json_object_get(schema, "properties");
    json_object_set_new(properties, "schema", json_pack("{s:s}", "const", kind->schema));
    if (kind->folder)
        json_object_set_new(properties, "source", text_schema());
    json_t *definitions = json_object();
    add_definitions(definitions, kind->fields);
    if (json_object_size(definitions) > 0)
        json_object_set(schema, "$defs", definitions);
    json_decref(definitions);
    json_array_append_new(json_object_get(schema, "required"), json_string("schema"));
    return schema;
}
