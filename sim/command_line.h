/*
 * command_line.h - reading a command's words: argp, without what surprises in it.
 *
 * argp takes any unambiguous beginning of a long option for the option, so that a script
 * breaks on the day when a second option begins alike, and does not say what a mistyped one may
 * have meant. Here an option is written out or refused with a suggestion.
 */
#ifndef VHPCSIM_COMMAND_LINE_H
#define VHPCSIM_COMMAND_LINE_H

#include <argp.h>
#include <stddef.h>

/*
 * Reads argv with `argp`, whose parser receives `input`. argv[0] names the command in messages.
 * `flags` as for argp_parse. `--help` and `--usage` print and end the process with status 0;
 * a mistake prints what is wrong and ends it with EXIT_USAGE, so this returns only when all is
 * well.
 */
void command_line_parse(const struct argp *argp, unsigned flags, int argc, char *argv[],
                        void *input);

/*
 * Says on stderr that `word` is no known `what` ("command", "option"), with the nearest of
 * the `n` candidates if one is near, and ends the process with EXIT_USAGE.
 */
void command_line_unknown(const char *program, const char *what, const char *word, size_t n,
                          const char *const candidates[]) __attribute__((noreturn));

/* Returns the whole number in `text`; ends the process with EXIT_USAGE unless lowest..highest. */
long command_line_count(const struct argp_state *state, const char *option, const char *text,
                        long lowest, long highest);

#endif
