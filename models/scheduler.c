#include "scheduler.h"

#include <assert.h>

static void check(const struct scheduler_profile *scheduler, const struct run_queue *queue)
{
    assert(scheduler->slice_s.value >= 0.0);
    assert(scheduler->boost.value >= 0.0 && scheduler->boost.value <= 1.0);
    assert(queue->n_cores >= 1 && queue->n_others >= 0);
}

/* Others for each core. */
static double depth(const struct run_queue *queue)
{
    return (double)queue->n_others / queue->n_cores;
}

/* Slices in a cycle of one that polls: its own, and what it is off. */
static double cycle(const struct run_queue *queue)
{
    return (queue->n_others + 1.0) / queue->n_cores;
}

static struct turn polling_turn(double slice_s, double cycle, double chance)
{
    const double place = chance * cycle;
    if (place < 1.0)
        return (struct turn){.wait_s = 0.0, .runs_s = (1.0 - place) * slice_s};
    return (struct turn){.wait_s = (cycle - place) * slice_s, .runs_s = slice_s};
}

static double queued_s(double slice_s, double boost, double depth, double chance)
{
    if (chance < boost || boost == 1.0)
        return 0.0;
    const double place = (chance - boost) / (1.0 - boost); /* in the slice of the one that runs */
    return (depth - place) * slice_s;
}

struct turn scheduler_turn(const struct scheduler_profile *scheduler, const struct run_queue *queue,
                           enum mpi_wait wait, double chance)
{
    check(scheduler, queue);
    assert(chance >= 0.0 && chance <= 1.0);

    if (queue->n_others < queue->n_cores)
        return (struct turn){0.0, 0.0};
    const double slice_s = scheduler->slice_s.value;
    if (wait == MPI_WAIT_POLLS)
        return polling_turn(slice_s, cycle(queue), chance);
    return (struct turn){.wait_s = queued_s(slice_s, scheduler->boost.value, depth(queue), chance)};
}

double scheduler_mean_wait_s(const struct scheduler_profile *scheduler,
                             const struct run_queue *queue, enum mpi_wait wait)
{
    check(scheduler, queue);

    if (queue->n_others < queue->n_cores)
        return 0.0;
    const double slice_s = scheduler->slice_s.value;
    const double off = cycle(queue) - 1.0;
    if (wait == MPI_WAIT_POLLS)
        return off / cycle(queue) * off / 2.0 * slice_s;
    return (1.0 - scheduler->boost.value) * (depth(queue) - 0.5) * slice_s;
}
