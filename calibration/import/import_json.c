#include "import_json.h"

#include <stdlib.h>
#include <string.h>

json_t *import_json(struct import *import)
{
    json_error_t error;
    json_t *root =
        json_loadb(import->source.text, import->source.length, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        import_complain(import, SEVERITY_ERROR, error.line > 0 ? error.line : 0,
                        error.column > 0 ? error.column : 0, "the file may be cut short or damaged",
                        "this is no JSON: %s", error.text);
    return root;
}

static const json_t *at(const json_t *value, const char *path)
{
    char key[64];
    while (value && *path) {
        const size_t length = strcspn(path, ".");
        if (length >= sizeof key)
            return NULL;
        memcpy(key, path, length);
        key[length] = '\0';
        value = json_object_get(value, key);
        path += length + (path[length] == '.');
    }
    return value;
}

double import_json_number(const json_t *value, const char *path)
{
    return json_number_value(at(value, path));
}

const char *import_json_text(const json_t *value, const char *path)
{
    const char *text = json_string_value(at(value, path));
    return text ? text : "";
}

double import_json_size_B(const char *text)
{
    static const char suffixes[] = "kmgt";
    char *end;
    double size_B = strtod(text, &end);
    if (end == text || !(size_B > 0.0))
        return 0.0;
    const char *suffix = *end ? strchr(suffixes, *end | 0x20) : NULL;
    for (const char *s = suffixes; suffix && s <= suffix; s++)
        size_B *= 1024.0;
    return size_B;
}
