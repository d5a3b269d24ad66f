#include "update_buckets.h"

#include <assert.h>

void update_buckets_init(struct update_buckets *buckets, struct update_bucket storage[])
{
    *buckets = (struct update_buckets){.buckets = storage};
}

static int key_at(const struct update_buckets *b, int place)
{
    return b->buckets[b->buckets[place].rank].n_updates;
}

static void put(struct update_buckets *b, int place, int rank)
{
    b->buckets[place].rank = rank;
    b->buckets[rank].place = place;
}

void update_buckets_add(struct update_buckets *b, int rank)
{
    b->n_pending++;
    if (++b->buckets[rank].n_updates == 1) {
        put(b, b->n_in_heap++, rank);
        return;
    }
    int place = b->buckets[rank].place;
    for (int parent; place > 0; place = parent) {
        parent = (place - 1) / 2;
        if (key_at(b, parent) >= b->buckets[rank].n_updates)
            break;
        put(b, place, b->buckets[parent].rank);
    }
    put(b, place, rank);
}

/* The last rank of the heap moves from the top down, past fuller ones. */
static void refill_top(struct update_buckets *b)
{
    const int rank = b->buckets[--b->n_in_heap].rank;
    const int key = b->buckets[rank].n_updates;
    int place = 0;

    for (int child; (child = 2 * place + 1) < b->n_in_heap; place = child) {
        if (child + 1 < b->n_in_heap && key_at(b, child) < key_at(b, child + 1))
            child++;
        if (key >= key_at(b, child))
            break;
        put(b, place, b->buckets[child].rank);
    }
    put(b, place, rank);
}

int update_buckets_take(struct update_buckets *b, int *n_updates)
{
    assert(b->n_pending > 0);

    const int rank = b->buckets[0].rank;
    *n_updates = b->buckets[rank].n_updates;
    b->n_pending -= *n_updates;
    refill_top(b);
    b->buckets[rank].n_updates = 0;
    return rank;
}
