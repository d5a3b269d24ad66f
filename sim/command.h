/*
 * command.h - a command of `vhpcsim` and the exit codes that all of them share.
 */
#ifndef VHPCSIM_COMMAND_H
#define VHPCSIM_COMMAND_H

enum exit_code {
    EXIT_DONE = 0,
    EXIT_OFF = 1,            /* a prediction left its tolerance */
    EXIT_USAGE = 64,         /* the command line */
    EXIT_INVALID_INPUT = 65, /* a document; diagnostics were printed */
    EXIT_CANNOT_READ = 66,
    EXIT_OUR_BUG = 70, /* includes a simulation engine that died */
    EXIT_CANNOT_WRITE = 73,
    EXIT_INTERRUPTED = 130
};

/* One file cmd_x.c each; argv[0] is "vhpcsim NAME", for messages. */
struct command {
    const char *name;
    const char *help; /* one line for `vhpcsim --help` */
    int (*run)(int argc, char *argv[]);
};
extern const struct command command_run, command_compare, command_check, command_explain,
    command_schema, command_list, command_validate, command_diff, command_drift, command_fit,
    command_import, command_export;

#endif
