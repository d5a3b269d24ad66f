#include "diagnosis_print.h"

#include "sim/result/json_value.h"
#include "sim/result/wrap.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A text beside a longer name would have no room; it begins below. */
enum { WIDEST_NAME = 44, INDENT_BELOW = 2 };

/* Prints and frees a text that may be none. */
static int print_wrapped(const char *before, const char *between, char *text, FILE *out)
{
    if (text == NULL)
        return -ENOMEM;
    const bool has_room = strlen(before) <= WIDEST_NAME;
    const int indent = has_room ? fprintf(out, "%s%s", before, between) : INDENT_BELOW;
    if (!has_room)
        fprintf(out, "%s%.1s\n%*s", before, between, INDENT_BELOW, "");
    wrap_print(text, indent, WRAP_WIDTH, out);
    free(text);
    return 0;
}

int diagnosis_print(const char *name, const struct diagnosis *diagnosis, int n_most, FILE *out)
{
    int status = print_wrapped(name, ": ", diagnosis_text(diagnosis), out);
    if (diagnosis_is_none(diagnosis))
        return status;
    for (int i = 1; i < diagnosis->n && i < n_most && status == 0; i++)
        status = print_wrapped("  ", "or ", explanation_text(&diagnosis->explanations[i]), out);
    return status;
}

static json_t *explanation_json(const struct explanation *explanation)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:b}", "layer", explanation->name, "scale",
                     json_value_number(explanation->scale), "allowed_lo",
                     json_value_number(explanation->allowed.lo), "allowed_hi",
                     json_value_number_or_null(explanation->allowed.hi), "is_allowed",
                     explanation->is_allowed);
}

json_t *diagnosis_json(const struct diagnosis *diagnosis)
{
    json_t *explanations = json_array();
    char *text = diagnosis_text(diagnosis);

    for (int i = 0; i < diagnosis->n; i++)
        json_value_append(&explanations, explanation_json(&diagnosis->explanations[i]));
    json_t *json =
        json_pack("{s:o, s:b, s:s, s:o}", "slowdown", json_value_number(diagnosis->slowdown),
                  "within_intervals", diagnosis_is_within_intervals(diagnosis), "text", text,
                  "explanations", explanations);
    free(text);
    return json;
}
