/*
 * model_error.h - how far the model was from what papers published, and what that makes of the
 * intervals of others: leave one paper out.
 */
#ifndef VHPCSIM_VALIDATION_MODEL_ERROR_H
#define VHPCSIM_VALIDATION_MODEL_ERROR_H

#include "sim/result/published_error.h"
#include "validate.h"

/*
 * Gives each row the interval that the errors of all *other* papers' rows make of its draws:
 * `model` and, where something was measured, `scored.is_in_model_interval`. Errors are those of
 * values that count, told as what they are (not at most or at least), quantities and percents
 * apart. Rows are filled but for that. Returns 0 or -ENOMEM. Cost: rows times papers.
 */
int model_error_widen(struct validation *validation);

/*
 * The errors of quantities of all papers, as factors, which `vhpcsim run` tells. `error->papers`
 * has the names that the validation has, in its order, in the arena. Returns 0, -ENODATA where
 * there are too few for P90, or -ENOMEM.
 */
int model_error_summarize(const struct validation *validation, struct arena *arena,
                          struct published_error *error);

#endif
