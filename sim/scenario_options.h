/*
 * scenario_options.h - the options of commands that read scenarios.
 */
#ifndef VHPCSIM_SCENARIO_OPTIONS_H
#define VHPCSIM_SCENARIO_OPTIONS_H

#include "outputs.h" /* the keys of options */

struct scenario_options {
    const char **settings; /* as --set has them; room for one per word of the command line */
    char **owned;          /* of them, those that stand for --replications and its like */
    int n_settings, n_owned;
    int n_workers; /* 0: one per processor */
    bool is_strict;
};

/* Rows of an argp table. */
#define SCENARIO_SET                                                                               \
    {                                                                                              \
        "set", 's', "KEY=VALUE", 0, "Set a key of every scenario, such as workload.nb=400", 0      \
    }
#define SCENARIO_STRICT                                                                            \
    {                                                                                              \
        "strict", KEY_STRICT, NULL, 0, "Take warnings for errors", 0                               \
    }
/* Those of commands that simulate. */
#define SCENARIO_RUN                                                                               \
    {"replications", 'n', "N", 0, "Draws from the parameters' intervals (run.replications)", 0},   \
        {"seed", KEY_SEED, "N", 0, "Seed of the draws (run.seed)", 0},                             \
        {"engine", KEY_ENGINE, "NAME", 0, "Engine that simulates (run.engine)", 0},                \
    {                                                                                              \
        "jobs", 'j', "N", 0, "Simulations at once; default: one per processor", 0                  \
    }

/* For a command line of `argc` words. Returns 0 or -ENOMEM; release it in both cases. */
int scenario_options_init(struct scenario_options *options, int argc);
void scenario_options_release(struct scenario_options *options);

/* Takes one of the options above, or returns ARGP_ERR_UNKNOWN. */
error_t scenario_options_parse(int key, char *word, struct argp_state *state,
                               struct scenario_options *options);

#endif
