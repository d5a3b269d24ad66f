#include "detour.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

/* Looks take up to some quanta, where caches were needed elsewhere. */
static const double quanta_of_threshold = 8.0;

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double detour_quantum_s(size_t n, double gaps_s[])
{
    double sum_s = 0.0;

    assert(n >= 2);
    qsort(gaps_s, n, sizeof gaps_s[0], by_value);
    for (size_t i = 0; i < n; i++)
        sum_s += gaps_s[i];
    return gaps_s[n / 2] > 0.0 ? gaps_s[n / 2] : sum_s / (double)n;
}

void detour_begin(struct detour_watch *watch, double quantum_s, double now_s)
{
    watch->quantum_s = quantum_s;
    watch->threshold_s = quanta_of_threshold * quantum_s;
    watch->last_s = now_s;
    watch->n = 0;
    watch->n_shorter = watch->shorter_s = 0.0;
}

static void drop_shorter(struct detour_watch *watch, double length_s)
{
    size_t n_kept = 0;

    for (size_t i = 0; i < watch->n; i++) {
        if (watch->detours[i].length_s >= length_s) {
            watch->detours[n_kept++] = watch->detours[i];
            continue;
        }
        watch->n_shorter++;
        watch->shorter_s += watch->detours[i].length_s;
    }
    watch->n = n_kept;
    watch->threshold_s = length_s;
}

int detour_thin(struct detour_watch *watch, size_t most)
{
    assert(most >= 1);
    if (watch->n <= most)
        return 0;
    double *lengths_s = malloc(watch->n * sizeof *lengths_s);
    if (!lengths_s)
        return -ENOMEM;
    for (size_t i = 0; i < watch->n; i++)
        lengths_s[i] = watch->detours[i].length_s;
    qsort(lengths_s, watch->n, sizeof *lengths_s, by_value);
    /* Of equal ones at the edge, all go: the list has every detour from the threshold on. */
    size_t first = watch->n - most;
    while (first < watch->n && lengths_s[first] == lengths_s[first - 1])
        first++;
    const double last_s = lengths_s[watch->n - 1];
    drop_shorter(watch, first < watch->n ? lengths_s[first] : 2.0 * last_s);
    free(lengths_s);
    return 0;
}
