/*
 * expression.h - quantities that depend on variables: "n/p*8 B".
 *
 * A formula of numbers, variables, + - * / ^, comparisons, c ? a : b and a few functions stands in
 * front of a unit, with a blank between them; where no unit is needed it stands alone. A plain
 * quantity ("64 KiB") is an expression too. muParser reads and computes formulas; assignments,
 * which it would allow, are refused.
 */
#ifndef VHPCSIM_EXPRESSION_H
#define VHPCSIM_EXPRESSION_H

#include "unit.h"

/* Names that formulas know, with values. */
enum { SCOPE_MAX_NAMES = 40, SCOPE_MAX_NAME_B = 32 };
struct scope {
    int n;
    const char *names[SCOPE_MAX_NAMES]; /* borrowed */
    double values[SCOPE_MAX_NAMES];
    bool is_broken; /* the names are not known, as was told: nobody can say what is unknown */
};

/* Names that have a meaning of their own in every scope. */
extern const char scope_ranks[]; /* "p": how many ranks there are */
extern const char scope_step[];  /* "i": which pass of the innermost repetition, from 0 */

/* Why `name` can be none of a variable (a sentence without its stop); NULL: it can. */
const char *scope_refuses(const char *name);

/* Adds or changes a name; the scope must have room for it. */
void scope_set(struct scope *scope, const char *name, double value);

struct expression {
    const char *text; /* as it was written; borrowed from the document */
    bool is_plain;    /* a quantity without variables: `value` is known */
    bool uses_step;   /* depends on scope_step */
    size_t formula_B; /* bytes of the text that are the formula */
    double unit;      /* by which the formula's value is multiplied, SI */
    /* Its value, where somebody has worked it out: in SI units, for all steps or one by one. */
    double value;
    const double *by_step; /* NULL: `value` is it for every step */
};

/* The value in step `step`, for those who were given one that is worked out. */
double expression_at(const struct expression *expression, long step);

/*
 * Reads `text` as a quantity of `dimension` in which the names of `scope` may stand. False, with
 * `*problem` filled, when it is none. Nothing is said of its value.
 */
bool expression_parse(enum dimension dimension, const char *text, const struct scope *scope,
                      struct expression *expression, struct unit_problem *problem);

/*
 * Computes the values of a parsed expression for the steps 0 to `n_steps` - 1, in SI units. `scope`
 * has all names that it was parsed with; its value of scope_step does not matter. Values may be
 * anything: negative, infinite, not a number. Cost: some 10 us, and a tenth of one for each step.
 */
void expression_evaluate(const struct expression *expression, const struct scope *scope,
                         long n_steps, double values[]);

/* What a user declares: each a number, which may depend on the number of ranks and on those above.
 */
struct variable {
    const char *name;
    struct expression expression;
};
struct variables {
    int n;
    const struct variable *items;
};

#endif
