/*
 * published_error.h - how far the model was from what papers published: a small document beside the
 * profiles, which `vhpcsim validate --model-error` writes and `vhpcsim run` tells.
 *
 * A factor of 1.2 means that what was measured lay between 1 / 1.2 and 1.2 times the prediction.
 */
#ifndef VHPCSIM_PUBLISHED_ERROR_H
#define VHPCSIM_PUBLISHED_ERROR_H

#include "sim/input/arena.h"
#include "sim/input/diagnostic.h"
#include "sim/input/field.h"

#include <jansson.h>
#include <stdio.h>

struct published_error {
    int n;                /* values that were predicted, not derived from; those in percent are not
                             among them */
    double median_factor; /* >= 1; half of them were within */
    double p90_factor;    /* >= 1; nine of ten were within */
    struct text_list papers; /* short names */
};

extern const struct field published_error_fields[];

/*
 * Reads the shipped document; its texts are in the arena. Returns 0, -ENOENT where there is none,
 * -EINVAL after diagnostics, or another negative errno. `*error` is set on 0 only.
 */
int published_error_read(struct arena *arena, struct diagnostics *diagnostics,
                         struct published_error *error);

/* Prints the document. */
void published_error_print(const struct published_error *error, FILE *out);

/* One sentence. The caller frees it; NULL when out of memory. */
char *published_error_text(const struct published_error *error);

/* {n, median_factor, p90_factor, papers}, which the caller owns; NULL when out of memory. */
json_t *published_error_json(const struct published_error *error);

#endif
