/*
 * npb_region_is.c - IS counted: one ranking of all keys.
 *
 * Keys first go to buckets by their highest bits, so that the counters of one bucket stay in a
 * cache. The MPI program gives each rank a range of keys and counts them without regard to buckets:
 * its counters are a table of their own.
 */
#include "npb_region_parts.h"

#include "npb_size.h"

#include <math.h>

int npb_is_regions(enum npb_class class, struct npb_region regions[])
{
    const struct npb_is_size size = npb_is_size(class);
    const double n_keys = ldexp(1.0, size.log_keys);
    const double range = ldexp(1.0, size.log_max_key);
    const double keys_B = n_keys * size.key_B;
    const double counters_B = range * size.key_B;
    const double resident_B = 2 * keys_B + counters_B;

    /* Of a key: load, shift, increment a counter. */
    regions[0] = (struct npb_region){.name = "rank.bucket_count",
                                     .class = WORK_INTEGER,
                                     .flops = 3 * n_keys,
                                     .bytes = keys_B,
                                     .resident_B = resident_B,
                                     .n_slices = n_keys,
                                     .n_passes = 1};
    /* Load, shift, load and increment a pointer, store. */
    regions[1] = (struct npb_region){.name = "rank.bucket_scatter",
                                     .class = WORK_INTEGER,
                                     .flops = 5 * n_keys,
                                     .bytes = 2 * keys_B,
                                     .scattered = 0.5, /* what it writes */
                                     .resident_B = resident_B,
                                     .n_slices = n_keys,
                                     .n_passes = 1};
    /* Clear a counter, later add it to the next one; load a key and increment its counter. */
    regions[2] = (struct npb_region){.name = "rank.key_count",
                                     .class = WORK_INTEGER,
                                     .flops = 2 * n_keys + 2 * range,
                                     .bytes = keys_B + counters_B,
                                     .scattered = 1, /* buckets come to threads in any order */
                                     .resident_B = resident_B,
                                     .n_slices = ldexp(1.0, size.log_buckets),
                                     .n_passes = 1};
    /* The same on counters of a rank's whole range, as the MPI program does it. */
    regions[3] = (struct npb_region){.name = "rank.range_count",
                                     .class = WORK_INTEGER,
                                     .flops = 2 * n_keys + 2 * range,
                                     .bytes = keys_B + 3 * counters_B,
                                     .accesses = n_keys,
                                     .table_B = counters_B,
                                     .resident_B = resident_B,
                                     .n_slices = n_keys};
    return 4;
}
