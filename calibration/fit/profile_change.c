#include "profile_change.h"

#include "sim/input/field_walk.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const change_verdict_names[N_CHANGE_VERDICTS + 1] = {
    [CHANGE_NONE] = "same",         [CHANGE_WITHIN] = "within margin",
    [CHANGE_MOVED] = "moved",       [CHANGE_UNDECIDED] = "undecided",
    [CHANGE_APPEARED] = "appeared", [CHANGE_VANISHED] = "vanished",
};

static const double z95 = 1.959964, z90 = 1.644854; /* of the standard normal distribution */

/* --- numbers ---------------------------------------------------------------- */

/* Where the difference d of two numbers lies, in units in which the margin is m. */
static enum change_verdict judge(double d, double error, double m)
{
    if (d == 0.0 && error == 0.0)
        return CHANGE_NONE;
    if (fabs(d) + z90 * error <= m)
        return CHANGE_WITHIN;
    return fabs(d) > z95 * error ? CHANGE_MOVED : CHANGE_UNDECIDED;
}

static double log_error(const struct parameter *p)
{
    return log(p->ci95_hi / p->ci95_lo) / (2.0 * z95);
}

static bool is_positive(const struct parameter *p)
{
    return p->value > 0.0 && p->ci95_lo > 0.0;
}

/* One measurement, in both profiles. */
static bool is_same_knowledge(const struct parameter *a, const struct parameter *b)
{
    return a->value == b->value && a->ci95_lo == b->ci95_lo && a->ci95_hi == b->ci95_hi;
}

enum change_verdict parameter_change(const struct parameter *first, const struct parameter *second,
                                     double margin, struct profile_change *change)
{
    assert(margin > 0.0);

    change->ratio = change->ratio_lo = change->ratio_hi = NAN;
    if (is_same_knowledge(first, second))
        return CHANGE_NONE;
    if (is_positive(first) && is_positive(second)) {
        const double d = log(second->value / first->value);
        const double error = hypot(log_error(first), log_error(second));
        change->ratio = exp(d);
        change->ratio_lo = exp(d - z95 * error);
        change->ratio_hi = exp(d + z95 * error);
        return judge(d, error, log1p(margin));
    }
    const double error =
        hypot(first->ci95_hi - first->ci95_lo, second->ci95_hi - second->ci95_lo) / (2.0 * z95);
    return judge(second->value - first->value, error,
                 margin * fmax(fabs(first->value), fabs(second->value)));
}

static enum change_verdict number_change(double first, double second, double margin,
                                         struct profile_change *change)
{
    const struct parameter a = parameter_exact(first), b = parameter_exact(second);
    if (isnan(first) || isnan(second))
        return isnan(first) && isnan(second) ? CHANGE_NONE : CHANGE_MOVED;
    return parameter_change(&a, &b, margin, change);
}

/* --- leaves ----------------------------------------------------------------- */

static bool is_text(const struct field *field)
{
    return field->kind == FIELD_TEXT;
}

static enum change_verdict leaf_change(struct profile_change *change, double margin)
{
    const struct field *field = change->field;
    switch (field->kind) {
    case FIELD_PARAMETER:
        return parameter_change(change->first, change->second, margin, change);
    case FIELD_QUANTITY:
        return number_change(*(const double *)change->first, *(const double *)change->second,
                             margin, change);
    case FIELD_LONG:
        return *(const long *)change->first == *(const long *)change->second ? CHANGE_NONE
                                                                             : CHANGE_MOVED;
    case FIELD_BOOL:
        return *(const bool *)change->first == *(const bool *)change->second ? CHANGE_NONE
                                                                             : CHANGE_MOVED;
    default: /* counts and choices */
        return *(const int *)change->first == *(const int *)change->second ? CHANGE_NONE
                                                                           : CHANGE_MOVED;
    }
}

/* --- the list --------------------------------------------------------------- */

struct collection {
    struct profile_changes *changes;
    int n_first; /* those that the first profile has */
    bool is_second;
    bool has_failed;
};

static struct profile_change *find(const struct collection *collection, const char *path)
{
    for (int i = 0; i < collection->n_first; i++) {
        if (strcmp(collection->changes->items[i].path, path) == 0)
            return &collection->changes->items[i];
    }
    return NULL;
}

struct profile_change *profile_changes_add(struct profile_changes *changes, const char *path,
                                           const struct field *field, const void *first,
                                           const void *second)
{
    struct profile_change *grown =
        reallocarray(changes->items, (size_t)changes->n + 1, sizeof *grown);
    char *copy = strdup(path);

    if (grown)
        changes->items = grown;
    if (!grown || !copy) {
        free(copy);
        return NULL;
    }
    grown[changes->n] = (struct profile_change){.path = copy,
                                                .field = field,
                                                .first = first,
                                                .second = second,
                                                .ratio = NAN,
                                                .ratio_lo = NAN,
                                                .ratio_hi = NAN};
    return &grown[changes->n++];
}

static void append(struct collection *collection, const struct field_visit *visit,
                   const void *first, const void *second)
{
    if (!profile_changes_add(collection->changes, visit->path, visit->field, first, second))
        collection->has_failed = true;
}

static void collect(const struct field_visit *visit, void *user)
{
    struct collection *collection = user;
    const void *value = field_at(visit->field, visit->base);

    if (is_text(visit->field))
        return;
    if (!collection->is_second) {
        append(collection, visit, value, NULL);
        return;
    }
    struct profile_change *change = find(collection, visit->path);
    if (change)
        change->second = value;
    else
        append(collection, visit, NULL, value);
}

static void settle(struct profile_changes *changes, double margin)
{
    for (int i = 0; i < changes->n; i++) {
        struct profile_change *change = &changes->items[i];
        if (!change->first || !change->second)
            change->verdict = change->first ? CHANGE_VANISHED : CHANGE_APPEARED;
        else
            change->verdict = leaf_change(change, margin);
        changes->n_of[change->verdict]++;
    }
}

int profile_changes_init(struct profile_changes *changes, const struct profile *first,
                         const struct profile *second, double margin)
{
    assert(first->kind == second->kind);

    struct collection collection = {.changes = changes};
    *changes = (struct profile_changes){0};
    field_walk(first->kind->fields, first->values, NULL, "", collect, &collection);
    collection.n_first = changes->n;
    collection.is_second = true;
    field_walk(second->kind->fields, second->values, NULL, "", collect, &collection);
    if (collection.has_failed)
        return -ENOMEM;
    settle(changes, margin);
    return 0;
}

void profile_changes_release(struct profile_changes *changes)
{
    for (int i = 0; i < changes->n; i++)
        free(changes->items[i].path);
    free(changes->items);
    *changes = (struct profile_changes){0};
}
