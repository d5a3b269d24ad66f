#include "kernel_sort.h"

#include "random.h"

#include <string.h>

enum { SHIFT = SORT_LOG_RANGE - SORT_LOG_BUCKETS, N_BUCKETS = 1 << SORT_LOG_BUCKETS };

void sort_draw_keys(unsigned long seed, int n, uint32_t keys[])
{
    struct random_stream stream = random_stream(seed, "keys", 0);
    for (int i = 0; i < n; i++) {
        double sum = 0.0;
        for (int j = 0; j < 4; j++)
            sum += random_fraction(&stream);
        keys[i] = (uint32_t)(sum / 4.0 * SORT_RANGE);
    }
}

double sort_operations(int n)
{
    return (3.0 + 5.0 + 2.0) * n + 2.0 * SORT_RANGE;
}

static void scatter(struct sort *sort)
{
    memset(sort->starts, 0, sizeof sort->starts);
    for (int i = 0; i < sort->n; i++)
        sort->starts[sort->keys[i] >> SHIFT]++;
    int32_t start = 0;
    for (int i = 0; i < N_BUCKETS; i++) {
        const int32_t n = sort->starts[i];
        sort->starts[i] = start;
        start += n;
    }
    for (int i = 0; i < sort->n; i++) {
        const uint32_t key = sort->keys[i];
        sort->in_buckets[sort->starts[key >> SHIFT]++] = key;
    }
}

void sort_rank_keys(struct sort *sort)
{
    scatter(sort);
    memset(sort->counts, 0, sizeof sort->counts);
    for (int i = 0; i < sort->n; i++)
        sort->counts[sort->in_buckets[i]]++;
    for (int i = 1; i < SORT_RANGE; i++)
        sort->counts[i] += sort->counts[i - 1];
}
