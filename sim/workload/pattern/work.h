/*
 * work.h - computing in a phase, and how unevenly it is spread.
 *
 * Work that varies is its mean times a random factor of mean 1. The factor of a piece of work
 * depends on the workload's seed, the phase's step and the piece's number alone: not on which rank
 * does it, or when.
 */
#ifndef VHPCSIM_PATTERN_WORK_H
#define VHPCSIM_PATTERN_WORK_H

#include "kind.h"

#include "models/profile.h"

enum spread {
    SPREAD_LOGNORMAL,   /* long tail upwards */
    SPREAD_UNIFORM,     /* between two bounds; variation at most 1 / sqrt(3) */
    SPREAD_EXPONENTIAL, /* a fixed part and an exponential one; variation at most 1 */
};
extern const char *const spread_names[]; /* NULL at the end */

/* A factor > 0 of mean 1 and coefficient of variation `variation` >= 0, from one uniform number
 * `u` in (0, 1) in which it rises. */
double spread_factor(enum spread spread, double variation, double u);

struct phase_work {
    struct expression flops;
    struct expression bytes; /* memory traffic */
    int class;               /* enum work_class */
    int spread;              /* enum spread */
    double variation;        /* coefficient of variation of a piece of work */
};

/* Reports a variation that its distribution cannot have. */
void work_check(const struct phase_work *work, struct pattern_check *check);

/* Computes piece number `piece` of this step's work. */
void work_do(const struct phase_work *work, const struct turn *turn, uint64_t piece);

/* The same with a factor that stays for all passes of the phase. */
void work_do_always(const struct phase_work *work, const struct turn *turn, uint64_t piece);

#define WORK_FIELDS(type, member, whose)                                                           \
    {.key = "flops",                                                                               \
     .kind = FIELD_EXPRESSION,                                                                     \
     .dimension = DIMENSION_WORK,                                                                  \
     .min = 0.0,                                                                                   \
     .max = 1e24,                                                                                  \
     .fallback = "0 flop",                                                                         \
     .help = "Floating-point operations of " whose ".",                                            \
     .offset = offsetof(type, member.flops)},                                                      \
        {.key = "bytes",                                                                           \
         .kind = FIELD_EXPRESSION,                                                                 \
         .dimension = DIMENSION_BYTES,                                                             \
         .min = 0.0,                                                                               \
         .max = 1e24,                                                                              \
         .fallback = "0 B",                                                                        \
         .help = "Memory traffic of " whose "; where it takes longer than the operations, memory " \
                 "is what limits.",                                                                \
         .offset = offsetof(type, member.bytes)},                                                  \
        {.key = "class",                                                                           \
         .kind = FIELD_CHOICE,                                                                     \
         .choices = work_class_names,                                                              \
         .fallback = "memory",                                                                     \
         .help = "What the computing is like: at which of the node's rates it runs.",              \
         .offset = offsetof(type, member.class)},                                                  \
        {.key = "distribution",                                                                    \
         .kind = FIELD_CHOICE,                                                                     \
         .choices = spread_names,                                                                  \
         .fallback = "lognormal",                                                                  \
         .help = "How the work varies, where it has a variation.",                                 \
         .offset = offsetof(type, member.spread)},                                                 \
    {                                                                                              \
        .key = "variation", .kind = FIELD_QUANTITY, .min = 0.0, .max = 10.0, .fallback = "0",      \
        .help = "Standard deviation of the work of " whose " over its mean; 0: always the same.",  \
        .offset = offsetof(type, member.variation)                                                 \
    }

#endif
