/*
 * main.c - `vhpcsim COMMAND ...`: finds the command and hands it its words.
 */
#include "command.h"
#include "command_line.h"
#include "sim/config.h"

#include <errno.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_version.h>

static const struct command *const commands[] = {
    &command_run,   &command_compare, &command_check,    &command_explain,
    &command_list,  &command_schema,  &command_validate, &command_diff,
    &command_drift, &command_fit,     &command_import,   &command_export};
enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

static const char doc[] =
    "Predicts how HPC work runs on clusters of virtual machines: how fast, how sure, and which "
    "layer of the system takes the time."
    "\v"
    "Examples:\n"
    "  vhpcsim run scenarios/quickstart.yaml\n"
    "      predict a published cluster and say where its time goes\n"
    "  vhpcsim run scenarios/quickstart.yaml --explain\n"
    "      and what would be won with one layer made native at a time\n"
    "  vhpcsim compare scenarios/quickstart.yaml\n"
    "      and put it beside the bare nodes, layer by layer\n"
    "  vhpcsim explain workload.nb\n"
    "      what a key of a scenario means: unit, range, default\n"
    "\n"
    "Exit status: 0 done, 64 command line, 65 invalid input, 66 cannot read, 70 our bug, 73 cannot "
    "write, 130 interrupted.";

struct request {
    int first_word; /* index in argv of the command's name; 0: none was given */
};

/* Puts the table of commands before the examples; argp frees the text. */
static char *filter_help(int key, const char *text, void *input)
{
    char *filtered = NULL;
    size_t size = 0;

    (void)input;
    if (key != ARGP_KEY_HELP_POST_DOC)
        return (char *)text;
    FILE *out = open_memstream(&filtered, &size);
    if (out == NULL)
        return NULL;
    fprintf(out, "Commands:\n");
    for (int i = 0; i < N_COMMANDS; i++)
        fprintf(out, "  %-8s  %s\n", commands[i]->name, commands[i]->help);
    fprintf(out, "\"vhpcsim COMMAND --help\" tells more about one.\n\n%s", text);
    return fclose(out) == 0 ? filtered : NULL;
}

static error_t parse_word(int key, char *word, struct argp_state *state)
{
    struct request *request = state->input;

    (void)word;
    switch (key) {
    case 'V':
        printf("vhpcsim %s\nSimGrid %s, GSL %s\n", VHPCSIM_VERSION, VHPCSIM_SIMGRID_VERSION,
               gsl_version);
        exit(EXIT_DONE);
    case ARGP_KEY_ARG:
        /* The rest of the words are the command's. */
        request->first_word = state->next - 1;
        state->next = state->argc;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "no command given");
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"version", 'V', NULL, 0, "Print the versions of the program and its libraries", -1},
    {NULL, 0, NULL, 0, NULL, 0}};

static const struct command *command_by_name(const char *name)
{
    const char *names[N_COMMANDS];
    for (int i = 0; i < N_COMMANDS; i++) {
        names[i] = commands[i]->name;
        if (strcmp(name, names[i]) == 0)
            return commands[i];
    }
    command_line_unknown("vhpcsim", "command", name, N_COMMANDS, names);
}

/* A full disk shows only when the last bytes leave the buffer. A standard output that the caller
 * closed is no error as long as nobody wrote to it. */
static void close_output(void)
{
    const bool has_text = __fpending(stdout) > 0;
    int error = ferror(stdout) ? EIO : 0;

    if (fclose(stdout) != 0 && (has_text || errno != EBADF))
        error = errno;
    if (error != 0) {
        fprintf(stderr, "vhpcsim: cannot write to standard output: %s\n", strerror(error));
        _exit(EXIT_CANNOT_WRITE);
    }
}

/* GSL's own handler aborts; a call outside its domain is our bug all the same. */
static void stop_at_gsl_error(const char *reason, const char *file, int line, int gsl_errno)
{
    fprintf(stderr, "vhpcsim: GSL: %s (%s:%d: error %d)\n", reason, file, line, gsl_errno);
    _exit(EXIT_OUR_BUG);
}

int main(int argc, char *argv[])
{
    static const struct argp argp = {options,     parse_word, "COMMAND [WORD...]", doc, NULL,
                                     filter_help, NULL};
    struct request request = {0};

    /* Numbers stay in the C locale whatever the user's language: results are read by programs.
     * The character set serves the width of table columns. */
    setlocale(LC_CTYPE, "");
    gsl_set_error_handler(stop_at_gsl_error);
    atexit(close_output);
    argv[0] = "vhpcsim";
    command_line_parse(&argp, ARGP_IN_ORDER, argc, argv, &request);

    char name[32];
    const struct command *command = command_by_name(argv[request.first_word]);
    snprintf(name, sizeof name, "vhpcsim %s", command->name);
    argv[request.first_word] = name;
    return command->run(argc - request.first_word, argv + request.first_word);
}
