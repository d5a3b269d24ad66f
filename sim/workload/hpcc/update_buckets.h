/*
 * update_buckets.h - the updates that a rank of RandomAccess holds back, by the rank they are for.
 *
 * When it holds as many as it may, it sends those for the rank that has most of them. A binary
 * heap finds that rank; of equal ones, the heap of HPCC 1.5.0 decides, which this one follows, so
 * that messages are the same.
 */
#ifndef VHPCSIM_WORKLOAD_UPDATE_BUCKETS_H
#define VHPCSIM_WORKLOAD_UPDATE_BUCKETS_H

struct update_bucket {
    int n_updates;
    int place; /* of this rank in the heap; only where n_updates > 0 */
    int rank;  /* not of this bucket: the rank at this place of the heap */
};

struct update_buckets {
    struct update_bucket *buckets; /* one a rank; the caller's */
    int n_in_heap;
    int n_pending; /* updates in all of them */
};

/* Empty buckets in the caller's storage, one a rank, which must be zero. */
void update_buckets_init(struct update_buckets *buckets, struct update_bucket storage[]);

/* One update more for `rank`. Cost: logarithmic at most. */
void update_buckets_add(struct update_buckets *buckets, int rank);

/* Empties the fullest bucket, of which there must be one; returns its rank and *n_updates. */
int update_buckets_take(struct update_buckets *buckets, int *n_updates);

#endif
