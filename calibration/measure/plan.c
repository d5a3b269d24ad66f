#include "plan.h"

#include "random.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void *grown(void *items, size_t n, size_t size_B)
{
    void *more = reallocarray(items, n, size_B);
    if (!more)
        abort();
    return more;
}

void plan_add(struct plan *plan, const struct raw_cell *cell, double expected_s)
{
    assert(expected_s > 0.0);
    for (int i = 0; i < plan->n; i++)
        if (raw_cell_is_same(&plan->cells[i].cell, cell))
            return;
    plan->cells = grown(plan->cells, (size_t)plan->n + 1, sizeof *plan->cells);
    plan->cells[plan->n] = (struct planned){*cell, expected_s};
    plan->cells[plan->n].cell.number = plan->n;
    plan->n++;
}

void plan_release(struct plan *plan)
{
    free(plan->cells);
    *plan = (struct plan){0};
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts and takes away what is there twice; returns how many are left. */
static int each_once(double *sizes_B, int n)
{
    int kept = 0;
    qsort(sizes_B, (size_t)n, sizeof *sizes_B, by_size);
    for (int i = 0; i < n; i++)
        if (kept == 0 || sizes_B[i] != sizes_B[kept - 1])
            sizes_B[kept++] = sizes_B[i];
    return kept;
}

double *plan_message_sizes(unsigned long seed, const struct plan_request *request, int *n)
{
    const double largest_B = floor(request->largest_message_B);
    assert(largest_B >= 1.0 && request->n_sizes >= 0);
    const int n_powers = (int)log2(largest_B) + 1;
    const int n_most = request->n_sizes + 3 * n_powers + 1;
    double *sizes_B = grown(NULL, (size_t)n_most, sizeof *sizes_B);
    struct random_stream stream = random_stream(seed, "message sizes", 0);
    int count = 0;

    /* One in each of n_sizes parts of the scale: at random, and yet without gaps. */
    for (int i = 0; i < request->n_sizes; i++) {
        const double part = (i + random_fraction(&stream)) / request->n_sizes;
        sizes_B[count++] = fmin(round(pow(largest_B, part)), largest_B);
    }
    for (int i = 0; i < n_powers; i++) {
        const double power_B = ldexp(1.0, i);
        sizes_B[count++] = power_B;
        if (request->thoroughness != QUICK && power_B > 2.0)
            sizes_B[count++] = power_B - 1.0;
        if (request->thoroughness != QUICK && power_B < largest_B)
            sizes_B[count++] = power_B + 1.0;
    }
    sizes_B[count++] = largest_B;
    *n = each_once(sizes_B, count);
    return sizes_B;
}
