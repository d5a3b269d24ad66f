/*
 * command_predict.h - the prediction that a command makes of one scenario, with every message that
 * goes with it.
 */
#ifndef VHPCSIM_COMMAND_PREDICT_H
#define VHPCSIM_COMMAND_PREDICT_H

#include "sim/result/predict.h"
#include "sim/result/warning.h"

struct diagnostics;

struct command_prediction {
    const char *program, *path;
    const char *command_line;       /* as the user gave it, for the result's provenance */
    struct predict_options options; /* but for `interrupted`, which is this module's */
    bool is_strict;                 /* a doubtful result is an error */
};

/*
 * Simulates `scenario`, read from `path` with `diagnostics`, whose warnings become the result's.
 * SIGINT and SIGTERM stop it. Returns EXIT_DONE with `result` filled, provenance included (the
 * caller releases it), or another exit status after a message on stderr.
 */
int command_predict(const struct command_prediction *prediction, const struct scenario *scenario,
                    const struct diagnostics *diagnostics, struct result *result);

/* argv as one line, before argp sorts it; the caller frees it. NULL when out of memory. */
char *command_line_text(int argc, char *argv[]);

#endif
