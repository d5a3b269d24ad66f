#include "draw.h"

#include "field_describe.h"
#include "field_walk.h"

#include "models/parameter.h"
#include "models/random.h"

#include <assert.h>
#include <string.h>

enum { MAX_STREAM_B = 256 };

/* Beyond, an interval says nothing about the tails of what was measured. */
static const double max_deviations = 3.0;

struct draw {
    uint64_t seed, index;
};

static bool is_same(const struct parameter *a, const struct parameter *b)
{
    return a->value == b->value && a->ci95_lo == b->ci95_lo && a->ci95_hi == b->ci95_hi;
}

/* The row whose stream the parameter takes: its own or, where the user left it to the default
 * "@sibling", that of the sibling. */
static const struct field *stream_owner(const struct field_visit *visit)
{
    const struct field *field = visit->field;
    while (field->fallback && field->fallback[0] == '@') {
        const struct field *sibling = field_find(visit->fields, field->fallback + 1);
        assert(sibling);
        if (!is_same(field_at(field, visit->base), field_at(sibling, visit->base)))
            break;
        field = sibling;
    }
    return field;
}

static double clamp_to_range(const struct field *field, const struct parameter *p, double value)
{
    if (field_allows(field, value))
        return value;
    return value < p->value ? p->ci95_lo : p->ci95_hi;
}

static void draw_one(const struct field_visit *visit, void *user)
{
    const struct draw *draw = user;
    if (visit->field->kind != FIELD_PARAMETER)
        return;
    const struct parameter *p = field_at(visit->field, visit->base);
    if (!parameter_is_uncertain(p))
        return;

    const char *own_key = strrchr(visit->path, '.');
    const int parent_length = own_key ? (int)(own_key + 1 - visit->path) : 0;
    char name[MAX_STREAM_B];
    const int length =
        snprintf(name, sizeof name, "%.*s%s", parent_length, visit->path, stream_owner(visit)->key);
    assert(length < MAX_STREAM_B);

    struct random_stream stream = random_stream_for(draw->seed, name, draw->index);
    const double z = fmax(-max_deviations, fmin(max_deviations, random_normal(&stream)));
    struct parameter *drawn = (struct parameter *)((char *)visit->twin + visit->field->offset);
    drawn->value = clamp_to_range(visit->field, p, parameter_at(p, z));
    drawn->ci95_lo = drawn->ci95_hi = drawn->value;
}

void draw_parameters(const struct field fields[], const void *original, void *drawn, uint64_t seed,
                     uint64_t index)
{
    struct draw draw = {seed, index};
    field_walk(fields, original, drawn, "", draw_one, &draw);
}
