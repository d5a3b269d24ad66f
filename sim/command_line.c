#include "command_line.h"

#include "command.h"
#include "sim/input/suggest.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_OPTIONS = 64 };

/* An argp table ends with a row that has neither a name, a key, a documentation nor a group. */
static bool is_last_row(const struct argp_option *row)
{
    return row->name == NULL && row->key == 0 && row->doc == NULL && row->group == 0;
}

/* Fills `names` with every long option as a user writes it; the texts stand in `storage`. */
static size_t list_options(const struct argp *argp, char storage[][40], const char *names[])
{
    static const char *const from_argp[] = {"help", "usage"};
    size_t n = 0;

    for (size_t i = 0; i < sizeof from_argp / sizeof from_argp[0]; i++, n++)
        snprintf(storage[n], sizeof storage[n], "--%s", from_argp[i]);
    for (const struct argp_option *row = argp->options; row && !is_last_row(row); row++) {
        assert(n < MAX_OPTIONS);
        if (row->name != NULL)
            snprintf(storage[n++], sizeof storage[0], "--%s", row->name);
    }
    for (size_t i = 0; i < n; i++)
        names[i] = storage[i];
    return n;
}

/* The row of the option `word` ("--seed", "--seed=3", "-o"), or NULL. */
static const struct argp_option *row_of(const struct argp *argp, const char *word)
{
    const size_t length = strcspn(word, "=");
    for (const struct argp_option *row = argp->options; row && !is_last_row(row); row++) {
        const bool is_long = row->name != NULL && length == strlen(row->name) + 2 &&
                             strncmp(word, "--", 2) == 0 &&
                             strncmp(word + 2, row->name, length - 2) == 0;
        const bool is_short = word[1] != '-' && word[1] == row->key && word[2] == '\0';
        if (is_long || is_short)
            return row;
    }
    return NULL;
}

/* True when the option's value is the next word. */
static bool takes_next_word(const struct argp_option *row, const char *word)
{
    return row != NULL && row->arg != NULL && !(row->flags & OPTION_ARG_OPTIONAL) &&
           strchr(word, '=') == NULL;
}

/* Ends the process at the first long option that is not written as the table has it. */
static void refuse_unknown_options(const struct argp *argp, bool stops_at_word, int argc,
                                   char *argv[])
{
    char storage[MAX_OPTIONS][40];
    const char *names[MAX_OPTIONS];
    const size_t n = list_options(argp, storage, names);

    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (argv[i][0] != '-' || argv[i][1] == '\0') {
            if (stops_at_word)
                return;
            continue;
        }
        const struct argp_option *row = row_of(argp, argv[i]);
        if (row == NULL && argv[i][1] == '-' && strcmp(argv[i], "--help") != 0 &&
            strcmp(argv[i], "--usage") != 0) {
            argv[i][strcspn(argv[i], "=")] = '\0';
            command_line_unknown(argv[0], "option", argv[i], n, names);
        }
        if (takes_next_word(row, argv[i]))
            i++;
    }
}

void command_line_parse(const struct argp *argp, unsigned flags, int argc, char *argv[],
                        void *input)
{
    argp_err_exit_status = EXIT_USAGE;
    refuse_unknown_options(argp, flags & ARGP_IN_ORDER, argc, argv);
    const error_t error = argp_parse(argp, argc, argv, flags, NULL, input);
    if (error != 0) {
        fprintf(stderr, "%s: cannot read the command line: %s\n", argv[0], strerror(error));
        exit(EXIT_USAGE);
    }
}

void command_line_unknown(const char *program, const char *what, const char *word, size_t n,
                          const char *const candidates[])
{
    const char *meant = suggest(word, n, candidates);
    fprintf(stderr, "%s: unknown %s \"%s\"", program, what, word);
    if (meant != NULL)
        fprintf(stderr, "; did you mean \"%s\"?", meant);
    fprintf(stderr, "\nTry \"%s --help\" for more information.\n", program);
    exit(EXIT_USAGE);
}

long command_line_count(const struct argp_state *state, const char *option, const char *text,
                        long lowest, long highest)
{
    char *end;
    errno = 0;
    const long value = strtol(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || value < lowest || value > highest)
        argp_error(state, "%s needs a whole number from %ld to %ld, not \"%s\"", option, lowest,
                   highest, text);
    return value;
}
