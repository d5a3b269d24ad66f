/*
 * journal.h - runs that are done, in a file, so that a long validation may stop and go on.
 *
 * Each finished run is a line of JSON: which program ran which scenarios (a hash of each: the
 * scenarios' has seed and replications in it), and their samples. What another program wrote is no
 * use, as its models may differ. A line that was cut short by a crash, or that something else
 * wrote, is skipped. A file without any line of ours is something else's, and is left alone.
 */
#ifndef VHPCSIM_JOURNAL_H
#define VHPCSIM_JOURNAL_H

#include "cases.h"
#include "samples.h"

struct journal;

/*
 * Opens the file at `path`, which need not exist, and reads it. Returns 0, or a negative errno,
 * -EILSEQ when it is no journal; the file is then as it was.
 * `*journal` is set on 0 only; free with journal_close().
 */
int journal_open(const char *path, struct journal **journal);
void journal_close(struct journal *journal);

/* The samples of this run by this program, the latest where there are several, with
 * `is_explained` of those whose counterfactuals ran; NULL when there are none. The caller frees
 * them. */
struct samples *journal_find(const struct journal *journal, const struct case_run *run,
                             bool is_explained);

/* Lines that were no use: of other programs, and no JSON of ours. */
void journal_count_skipped(const struct journal *journal, int *n_of_others, int *n_broken);

/* Adds a run, in one write, and forces it to the disk. Returns 0 or a negative errno. */
int journal_append(struct journal *journal, const struct case_run *run,
                   const struct samples *samples);

#endif
