/*
 * sampling.h - simulates one run of a validation document.
 *
 * A run with alternatives has its draws dealt to them in turn: draw n is of alternative n modulo
 * their number. So n is the same draw, of the same alternative, in every run of a document that
 * has these alternatives, and runs are compared draw by draw with and without them.
 */
#ifndef VHPCSIM_SAMPLING_H
#define VHPCSIM_SAMPLING_H

#include "cases.h"
#include "samples.h"
#include "sim/result/predict.h"

/* Of a spread over alternatives nothing can be told apart with less. */
enum { LEAST_DRAWS_OF_ALTERNATIVE = 2 };

/* Gives all runs of `document`, which have the same number of draws, the more that it takes for
 * every alternative to have enough. */
void sampling_raise_draws(const struct case_document *document);

/*
 * Simulates all alternatives of a run whose scenarios have seed and replications. Counterfactuals
 * are those of the first alternative. `options` are what predict() takes, but for `deal`. Returns
 * 0, or a negative errno with the reason in `error`; `*samples` is set on 0 only.
 */
int sampling_run(const struct case_run *run, const struct predict_options *options,
                 struct samples **samples, char *error, size_t error_size);

#endif
