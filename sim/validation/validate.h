/*
 * validate.h - runs the scenarios of validation documents and puts what they predict beside what
 * was measured.
 *
 * Every run has the same seed and number of draws, so that draw n of one run and draw n of another
 * have the same values of the parameters that both have, and runs are compared draw by draw.
 * Runs whose scenarios are the same are simulated once. A document whose runs have alternatives has
 * more draws where fewer would leave one of these without any.
 */
#ifndef VHPCSIM_VALIDATE_H
#define VHPCSIM_VALIDATE_H

#include "cases.h"
#include "diagnosis.h"
#include "model_interval.h"
#include "samples.h"
#include "score.h"

#include <signal.h>

struct journal;

/* One run of a document. */
struct validation_run {
    const struct case_document *document;
    const struct case_run *run;
    bool is_asked;  /* its results are shown */
    bool is_needed; /* asked, or another that is asked is compared with it */
    int same_as;    /* number of an earlier run of the same scenario, whose samples it uses; else
                       its own */
    bool is_from_journal;
    struct samples *samples; /* owned; NULL before it ran and where same_as is another */
};

/* One value: what was measured and what is predicted, in the unit that the document names. */
struct validation_row {
    int run; /* its number */
    const struct case_result *result;
    struct summary predicted; /* of the draws */
    double central;           /* of the central run */
    int digits;               /* significant ones, for tables */
    bool has_measured;        /* the rest means something */
    struct scored scored;     /* of its `measured`, is_percent means something in every row */
    struct model_interval model;
    bool is_within_tolerance; /* also where none is stated */
    bool has_diagnosis;       /* there is a gap, and counterfactuals that may explain it */
    struct diagnosis diagnosis;
};

/* The summary of one paper; rows without a measured value are not in it. */
struct paper_summary {
    const char *paper;
    struct score_summary score;
};

struct validation {
    int n_documents;
    struct case_document **documents; /* owned */
    int n_runs;
    struct validation_run *runs; /* of all documents, in their order */
    int n_rows;
    struct validation_row *rows; /* of asked runs, in their order */
    struct score_summary all;
    int n_papers;
    struct paper_summary *papers; /* in the order of their first row */
    int n_replications;           /* of every run, as reading gave them; >= 1. A document may have
                                     more: see sampling_raise_draws() */
    long seed;                    /* of every run, as reading gave it */
};

void validation_release(struct validation *validation);

/* Takes over `document`, read with the same settings as the others, so that all runs have one seed
 * and as many replications. Its runs are asked for unless validation_ask() says which. Returns 0 or
 * -ENOMEM; the document is then still the caller's. */
int validation_add(struct validation *validation, struct case_document *document);

/*
 * Asks for those runs alone that `is_asked` returns true for. Returns how many these are.
 */
typedef bool validation_choice(const struct case_document *document, const struct case_run *run,
                               void *user);
int validation_ask(struct validation *validation, validation_choice *is_asked, void *user);

struct validation_options {
    int n_workers; /* simulations at once; 0: one per processor */
    bool explains; /* run counterfactuals, and diagnose what they explain */
    bool shows_progress;
    const volatile sig_atomic_t *interrupted; /* as in predict.h */
    struct journal *journal;                  /* NULL: none */
};

/*
 * Simulates what is needed and fills rows and summaries. Returns 0, or a negative errno with the
 * reason in `error`: -EINTR when interrupted, -EIO when the journal could not be written, -EDOM
 * when a value cannot be divided by 0. Runs that are done stay done.
 */
int validation_run(struct validation *validation, const struct validation_options *options,
                   char *error, size_t error_size);

/* The number of rows that leave their tolerance. */
int validation_count_failures(const struct validation *validation);

/* True when any row has an interval with the model's own error. */
bool validation_has_models(const struct validation *validation);

/* What a row's run is, and its document. */
const struct validation_run *validation_run_of(const struct validation *validation,
                                               const struct validation_row *row);

#endif
