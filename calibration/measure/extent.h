/*
 * extent.h - how much of something to measure: ranks at once, repetitions, bytes. Pure functions.
 */
#ifndef VHPC_EXTENT_H
#define VHPC_EXTENT_H

#include "calibration/measure/thoroughness.h"

enum { MOST_COUNTS = 64 };

/*
 * How many ranks of a host with `n_ranks` shall be at work: 1 and all of them; in between, unless
 * it shall be QUICK, 2, 3, 4, 6, 8, 12, 16 and so on. Rising; returns how many numbers there are.
 */
int extent_rank_counts(int n_ranks, enum thoroughness thoroughness, int counts[MOST_COUNTS]);

/* How long a repetition shall be. Several ranks work for longer at a time than one alone, so that
 * they are all at work for most of it. */
double extent_target_s(int n_ranks);

/*
 * How often work of `one_s` is done in a repetition of about `target_s`: at least 1, at most 10^6.
 */
long extent_batch(double one_s, double target_s);

/* Repetitions of work that takes `one_s`: `most`, or where they take long 3. */
int extent_repetitions(double one_s, int most);

/* The largest power of `base` (> 1) up to `value` (> 0). */
double extent_power_below(double base, double value);

/*
 * Bytes of arrays beyond caches of `last_cache_B` in all: a power of two, at least 4 times that,
 * but no more than `most_B`; at least 1 MiB, at most 1 GiB.
 */
double extent_beyond_caches_B(double last_cache_B, double most_B);

/*
 * Bytes of a file to test a disk with: `wanted_B` where there is room, as at least 10 % of the file
 * system's `total_B`, and 1 GiB, of its `free_B` stay free. Whole MiB; 0: less than 16 of them.
 */
double extent_file_B(double wanted_B, double free_B, double total_B);

#endif
