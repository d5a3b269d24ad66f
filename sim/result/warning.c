#include "warning.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *const warning_kind_names[] = {
    [WARNING_NOTE] = "note",
    [WARNING_DOUBTFUL] = "warning",
};

static void warning_release(struct warning *warning)
{
    free(warning->place);
    free(warning->message);
    free(warning->hint);
}

static bool is_known(const struct warnings *warnings, const struct warning *warning)
{
    for (int i = 0; i < warnings->n; i++) {
        const struct warning *known = &warnings->items[i];
        if (strcmp(known->place, warning->place) == 0 &&
            strcmp(known->message, warning->message) == 0)
            return true;
    }
    return false;
}

/* Takes over the texts of `warning`. */
static void append(struct warnings *warnings, struct warning *warning)
{
    struct warning *items =
        reallocarray(warnings->items, (size_t)warnings->n + 1, sizeof warnings->items[0]);
    if (items == NULL) {
        warnings->out_of_memory = true;
        warning_release(warning);
        return;
    }
    warnings->items = items;
    warnings->items[warnings->n++] = *warning;
}

void warnings_add(struct warnings *warnings, enum warning_kind kind, const char *place,
                  const char *hint, const char *format, ...)
{
    struct warning warning = {
        .kind = kind, .place = strdup(place ? place : ""), .hint = strdup(hint ? hint : "")};
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&warning.message, format, arguments) < 0)
        warning.message = NULL;
    va_end(arguments);

    const bool is_whole = warning.place != NULL && warning.hint != NULL && warning.message != NULL;
    warnings->out_of_memory |= !is_whole;
    if (!is_whole || is_known(warnings, &warning))
        warning_release(&warning);
    else
        append(warnings, &warning);
}

int warnings_count(const struct warnings *warnings, enum warning_kind kind)
{
    int n = 0;
    for (int i = 0; i < warnings->n; i++)
        n += warnings->items[i].kind == kind;
    return n;
}

void warnings_release(struct warnings *warnings)
{
    for (int i = 0; i < warnings->n; i++)
        warning_release(&warnings->items[i]);
    free(warnings->items);
    *warnings = (struct warnings){0};
}
