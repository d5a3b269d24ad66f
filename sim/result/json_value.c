#include "json_value.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

json_t *json_value_number(double value)
{
    assert(isfinite(value));
    return json_real(value);
}

json_t *json_value_number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_value_text(const char *bytes)
{
    json_t *json = json_string(bytes);
    if (json != NULL)
        return json;
    char *ascii = strdup(bytes);
    for (char *c = ascii; c != NULL && *c != '\0'; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    json = ascii ? json_string(ascii) : NULL;
    free(ascii);
    return json;
}

json_t *json_value_quoted(const char *quoted)
{
    char *text = strdup(quoted);
    if (text == NULL)
        return NULL;
    for (char *c = text; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    free(text);
    return json;
}

void json_value_set(json_t **object, const char *key, json_t *value)
{
    if (json_object_set_new(*object, key, value) != 0) {
        json_decref(*object);
        *object = NULL;
    }
}

void json_value_append(json_t **array, json_t *value)
{
    if (json_array_append_new(*array, value) != 0) {
        json_decref(*array);
        *array = NULL;
    }
}
