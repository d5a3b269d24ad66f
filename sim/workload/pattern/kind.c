/*
 * kind.c - the table of all kinds of phase, and the two that hold other phases.
 */
#include "kind.h"

#include "sim/input/diagnostic.h"

#include <stdarg.h>

#define PHASES                                                                                     \
    {                                                                                              \
        .key = "phases", .kind = FIELD_VARIANTS, .variants = &pattern_kinds,                       \
        .help = "What follows each other in it; each has a kind.",                                 \
        .offset = offsetof(struct compound, phases)                                                \
    }

static const struct field sequence_fields[] = {PHASE_NAME, PHASES, {0}};
static const struct field repeat_fields[] = {
    PHASE_NAME,
    {.key = "times",
     PHASE_COUNT(struct compound, times, 1.0, 1e9),
     .help = "How often; expressions inside know the pass, from 0, as i."},
    PHASES,
    {0}};

static const struct pattern_kind sequence = {
    .name = "sequence",
    .help = "Phases one after the other, under one name.",
    .fields = sequence_fields,
    .spec_size = sizeof(struct compound),
    .is_compound = true,
};
static const struct pattern_kind repeat = {
    .name = "repeat",
    .help = "Phases one after the other, again and again.",
    .fields = repeat_fields,
    .spec_size = sizeof(struct compound),
    .is_compound = true,
};

extern const struct pattern_kind pattern_compute, pattern_io, pattern_halo2d, pattern_halo3d,
    pattern_ring, pattern_pipeline, pattern_bsp, pattern_master_worker, pattern_bag,
    pattern_barrier, pattern_bcast, pattern_reduce, pattern_gather, pattern_scatter,
    pattern_allreduce, pattern_allgather, pattern_alltoall;

static const struct pattern_kind *const kinds[] = {
    &repeat,
    &sequence,
    &pattern_compute,
    &pattern_halo2d,
    &pattern_halo3d,
    &pattern_ring,
    &pattern_pipeline,
    &pattern_alltoall,
    &pattern_bsp,
    &pattern_bag,
    &pattern_master_worker,
    &pattern_barrier,
    &pattern_bcast,
    &pattern_reduce,
    &pattern_allreduce,
    &pattern_gather,
    &pattern_scatter,
    &pattern_allgather,
    &pattern_io,
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

static bool kind_at(size_t index, struct variant *variant)
{
    if (index >= N_KINDS)
        return false;
    const struct pattern_kind *kind = kinds[index];
    *variant = (struct variant){.row = kind,
                                .name = kind->name,
                                .help = kind->help,
                                .fields = kind->fields,
                                .spec_size = kind->spec_size};
    return true;
}

const struct variant_set pattern_kinds = {
    .what = "phase", .example = "[{kind: ring, size: 64 KiB}]", .at = kind_at};

static void report(const struct pattern_check *check, const char *key, const char *hint,
                   const char *format, va_list arguments)
{
    char path[400], message[400];
    vsnprintf(message, sizeof message, format, arguments);
    snprintf(path, sizeof path, "%s%s%s", check->path, key[0] ? "." : "", key);
    diagnostics_add_key(check->diagnostics, SEVERITY_ERROR, path, hint, "%s", message);
}

void pattern_refuse(struct pattern_check *check, const char *key, const char *hint,
                    const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (check->diagnostics)
        report(check, key, hint, format, arguments);
    va_end(arguments);
    check->has_failed = true;
}
