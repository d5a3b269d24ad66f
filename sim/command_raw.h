/*
 * command_raw.h - reading the measurements that a command was given, with every message that goes
 * with it.
 */
#ifndef VHPCSIM_COMMAND_RAW_H
#define VHPCSIM_COMMAND_RAW_H

#include "calibration/fit/dataset.h"

/*
 * Makes a dataset of `n` >= 1 raw files; refused launches count with `is_forced` alone. On
 * EXIT_DONE `*dataset` is set, which the caller frees. Otherwise it has said on stderr what is
 * wrong, and returns EXIT_INVALID_INPUT, EXIT_CANNOT_READ or EXIT_OUR_BUG.
 */
int command_read_raws(const char *program, int n, const char *const paths[], bool is_forced,
                      struct dataset **dataset);

/* A dataset_teller() that prints warnings on stderr; its `user` is the program's name. */
void command_tell_warning(const char *text, void *user);

/* Why nothing could be fitted, with the notes of the fit; returns EXIT_INVALID_INPUT. */
struct fitted;
int command_explain_no_profile(const char *program, const struct fitted *fitted);

#endif
