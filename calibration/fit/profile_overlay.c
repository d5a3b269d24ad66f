#include "profile_overlay.h"

#include "profile_text.h"
#include "sim/input/field_pieces.h"
#include "sim/input/field_value.h"
#include "sim/input/field_walk.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static size_t size_of(const struct field *field)
{
    switch (field->kind) {
    case FIELD_TEXT:
        return sizeof(char *);
    case FIELD_CHOICE:
    case FIELD_COUNT:
        return sizeof(int);
    case FIELD_BOOL:
        return sizeof(bool);
    case FIELD_LONG:
        return sizeof(long);
    case FIELD_QUANTITY:
        return sizeof(double);
    default:
        assert(!"profiles have no such field");
        return 0;
    }
}

static void overlay_pieces(const struct field *field, const void *base, void *values)
{
    if (field_pieces_count(field, values) > 0)
        return;
    memcpy((char *)values + field->offset, (const char *)base + field->offset,
           (size_t)field->max_items * field->item_size_B);
    memcpy((char *)values + field->count_offset, (const char *)base + field->count_offset,
           sizeof(int));
}

static void overlay_parameter(const struct parameter *base, const char *source,
                              struct parameter *parameter)
{
    if (parameter_is_set(parameter) || strcmp(base->source, FIELD_DEFAULT_SOURCE) == 0)
        return;
    *parameter = *base;
    if (!parameter_is_set(parameter))
        parameter->source = source;
}

static void overlay(const struct field fields[], const void *base, const char *source, void *values)
{
    for (const struct field *field = fields; field->key; field++) {
        const void *from = field_at(field, base);
        void *to = (char *)values + field->offset;
        if (field->kind == FIELD_GROUP)
            overlay(field->fields, from, source, to);
        else if (field->kind == FIELD_PIECES)
            overlay_pieces(field, base, values);
        else if (field->kind == FIELD_PARAMETER)
            overlay_parameter(from, source, to);
        else
            memcpy(to, from, size_of(field));
    }
}

void profile_overlay(const struct profile *base, const char *source, void *values)
{
    overlay(base->kind->fields, base->values, source, values);
}

static double within(const struct field *field, double value)
{
    const bool is_bounded = field->min != 0.0 || field->max != 0.0;
    return is_bounded ? fmin(fmax(value, field->min), field->max) : value;
}

struct widening {
    double factor;
};

static void widen(const struct field_visit *visit, void *user)
{
    const struct widening *widening = user;
    struct parameter *parameter = visit->field->kind == FIELD_PARAMETER
                                      ? (struct parameter *)field_at(visit->field, visit->twin)
                                      : NULL;
    if (!parameter || !parameter_is_set(parameter) || parameter->value <= 0.0)
        return;
    parameter->ci95_lo =
        within(visit->field, fmin(parameter->ci95_lo, parameter->value / widening->factor));
    parameter->ci95_hi =
        within(visit->field, fmax(parameter->ci95_hi, parameter->value * widening->factor));
}

void profile_widen(const struct document_kind *kind, double spread, void *values)
{
    assert(spread >= 0.0);
    struct widening widening = {1.0 + spread};
    field_walk(kind->fields, values, values, "", widen, &widening);
}
