#include "scenario_options.h"

#include "command_line.h"

#include <errno.h>
#include <stdlib.h>

enum { MAX_WORKERS = 4096 };

int scenario_options_init(struct scenario_options *options, int argc)
{
    *options = (struct scenario_options){.settings = calloc((size_t)argc, sizeof(char *)),
                                         .owned = calloc((size_t)argc, sizeof(char *))};
    return options->settings != NULL && options->owned != NULL ? 0 : -ENOMEM;
}

void scenario_options_release(struct scenario_options *options)
{
    for (int i = 0; i < options->n_owned; i++)
        free(options->owned[i]);
    free(options->owned);
    free(options->settings);
    *options = (struct scenario_options){0};
}

/* An option that is short for a setting takes that setting's range, default and messages. */
static error_t add_setting(struct scenario_options *options, const char *key, const char *value)
{
    char *setting;
    if (asprintf(&setting, "%s=%s", key, value) < 0)
        return ENOMEM;
    options->owned[options->n_owned++] = setting;
    options->settings[options->n_settings++] = setting;
    return 0;
}

error_t scenario_options_parse(int key, char *word, struct argp_state *state,
                               struct scenario_options *options)
{
    switch (key) {
    case 's':
        options->settings[options->n_settings++] = word;
        return 0;
    case 'n':
        return add_setting(options, "run.replications", word);
    case KEY_SEED:
        return add_setting(options, "run.seed", word);
    case KEY_ENGINE:
        return add_setting(options, "run.engine", word);
    case 'j':
        options->n_workers = (int)command_line_count(state, "--jobs", word, 1, MAX_WORKERS);
        return 0;
    case KEY_STRICT:
        options->is_strict = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}
