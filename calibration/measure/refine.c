#include "refine.h"

#include <math.h>
#include <stdlib.h>

static const double least_jump = 1.15;
static const double narrow = 1.01; /* quotient of a jump's sizes */
enum { MOST_ADDED = 64 };

static int by_size(const void *a, const void *b)
{
    const struct timed_size *x = a, *y = b;
    return (x->size_B > y->size_B) - (x->size_B < y->size_B);
}

/* By what factor times leave what a line allows, between sizes i and i + 1; 1: not at all. */
static double jump(int n, const struct timed_size sizes[], int i)
{
    const struct timed_size *low = &sizes[i], *high = &sizes[i + 1];
    const struct timed_size *before = i > 0 ? low - 1 : low;
    const struct timed_size *after = i + 2 < n ? high + 1 : high;
    const double allowed = low->size_B > 0.0 ? high->size_B / low->size_B : INFINITY;
    const double rise = high->time_s / low->time_s / allowed;
    const double fall = low->time_s / high->time_s;

    if (fmin(high->time_s, after->time_s) > least_jump * fmax(before->time_s, low->time_s))
        return fmax(rise, 1.0);
    if (fmin(before->time_s, low->time_s) > least_jump * fmax(high->time_s, after->time_s))
        return fmax(fall, 1.0);
    return 1.0;
}

/* Puts a jump's middle in its place among the largest so far; returns how many there are then. */
static int keep(double size_B, double jump_here, int n, double middles_B[], double jumps[])
{
    int at = n < REFINE_MIDDLES ? n : REFINE_MIDDLES - 1;

    if (n == REFINE_MIDDLES && jump_here <= jumps[at])
        return n;
    for (; at > 0 && jumps[at - 1] < jump_here; at--) {
        middles_B[at] = middles_B[at - 1];
        jumps[at] = jumps[at - 1];
    }
    middles_B[at] = size_B;
    jumps[at] = jump_here;
    return n < REFINE_MIDDLES ? n + 1 : n;
}

int refine_sizes(int n, struct timed_size sizes[], double middles_B[REFINE_MIDDLES])
{
    double jumps[REFINE_MIDDLES];
    int n_middles = 0;

    qsort(sizes, (size_t)n, sizeof *sizes, by_size);
    for (int i = 0; i + 1 < n; i++) {
        const struct timed_size *low = &sizes[i], *high = &sizes[i + 1];
        const double middle_B = floor(sqrt(low->size_B * high->size_B));
        const double here = jump(n, sizes, i);
        if (here > least_jump && high->size_B > narrow * low->size_B && middle_B > low->size_B &&
            middle_B < high->size_B)
            n_middles = keep(middle_B, here, n_middles, middles_B, jumps);
    }
    return n_middles;
}

static bool is_same_pair(const struct raw_cell *a, const struct raw_cell *b)
{
    return a->operation == b->operation && a->path == b->path && a->load == b->load &&
           a->rank == b->rank && a->partner == b->partner;
}

/* Adds middles to the sizes of the pair that this cell is of. */
static void refine_pair(struct plan *plan, int place, struct schedule *schedule)
{
    const struct planned like = plan->cells[place];
    struct timed_size *sizes = calloc((size_t)plan->n, sizeof *sizes);
    double middles_B[REFINE_MIDDLES];
    int n = 0;

    if (!sizes)
        abort();
    for (int i = 0; i < plan->n; i++) {
        const double time_s = schedule_median_s(schedule, i);
        if (is_same_pair(&plan->cells[i].cell, &like.cell) && time_s > 0.0)
            sizes[n++] = (struct timed_size){plan->cells[i].cell.size_B, time_s};
    }
    n = refine_sizes(n, sizes, middles_B);
    for (int i = 0; i < n; i++) {
        struct planned more = like;
        const int n_before = plan->n;
        more.cell.size_B = middles_B[i];
        plan_add(plan, &more.cell, like.expected_s);
        if (plan->n > n_before)
            schedule_add(schedule, &plan->cells[n_before]);
    }
    free(sizes);
}

void refine_plan(struct plan *plan, int n_planned, struct schedule *schedule)
{
    for (int i = 0; i < n_planned && plan->n + REFINE_MIDDLES <= n_planned + MOST_ADDED; i++) {
        const struct raw_cell *cell = &plan->cells[i].cell;
        bool is_first = cell->operation == RAW_PINGPONG && cell->load == RAW_IDLE;
        for (int k = 0; k < i && is_first; k++)
            is_first = !is_same_pair(&plan->cells[k].cell, cell);
        if (is_first)
            refine_pair(plan, i, schedule);
    }
}
