#include "fitted.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

const char *const fit_part_names[N_FIT_PARTS + 1] = {"node", "link", "mpi", "technology", NULL};

enum { NOTE_B = 512 };

void *fitted_values(struct fitted *fitted, enum fit_part part)
{
    void *const values[N_FIT_PARTS] = {&fitted->node, &fitted->link, &fitted->mpi,
                                       &fitted->technology};
    return values[part];
}

void fitted_note(struct fitted *fitted, enum note_kind kind, enum fit_part part, const char *format,
                 ...)
{
    char text[NOTE_B];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct note *note = arena_alloc(fitted->arena, sizeof *note);
    const char *kept = arena_format(fitted->arena, "%s", text);
    if (!note || !kept)
        return;
    *note = (struct note){kind, part, kept, NULL};
    *(fitted->last_note ? fitted->last_note : &fitted->notes) = note;
    fitted->last_note = &note->next;
}

/* Of a value, where its interval would reach below zero. */
static const double least_part = 1e-3;

struct parameter fitted_parameter(struct estimate estimate, const char *source)
{
    struct parameter parameter = parameter_exact(estimate.value);
    if (isfinite(estimate.ci95_lo) && isfinite(estimate.ci95_hi)) {
        /* What nature has is above nothing, however wide a symmetric interval is. */
        const double lo = estimate.ci95_lo < 0.0 ? least_part * estimate.value : estimate.ci95_lo;
        parameter.ci95_lo = fmin(lo, estimate.value);
        parameter.ci95_hi = fmax(estimate.ci95_hi, estimate.value);
    }
    parameter.source = source;
    return parameter;
}

struct parameter fitted_parameter_in(struct estimate estimate, const char *source, double lo,
                                     double hi)
{
    struct parameter parameter = fitted_parameter(estimate, source);
    parameter.valid_lo = lo;
    parameter.valid_hi = hi;
    return parameter;
}

struct estimate estimate_within(struct estimate estimate, double least, double most)
{
    return (struct estimate){fmin(fmax(estimate.value, least), most),
                             fmin(fmax(estimate.ci95_lo, least), most),
                             fmin(fmax(estimate.ci95_hi, least), most)};
}

struct parameter assumed_parameter(double value, double lo, double hi, const char *source)
{
    return fitted_parameter((struct estimate){value, lo, hi}, source);
}

const char *fitted_source(const struct fitted *fitted, const struct dataset_slice *slice,
                          const char *what)
{
    const char *text = dataset_source(fitted->dataset, slice, what, fitted->arena);
    return text ? text : "measured";
}
