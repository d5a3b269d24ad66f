/*
 * osu_collective.c - OSU's collective tests: calls of one collective with a barrier between them.
 */
#include "osu_parts.h"
#include "sim/workload/shared.h"

#include <assert.h>

static void call(const struct osu_point *at, struct rank *rank)
{
    struct comm *world = rank_world(rank);

    switch (at->test) {
    case OSU_BARRIER:
        rank_barrier(rank, world);
        return;
    case OSU_BCAST:
        rank_bcast(rank, world, 0, at->size_B);
        return;
    case OSU_REDUCE:
        rank_reduce(rank, world, 0, at->size_B);
        return;
    case OSU_ALLREDUCE:
        rank_allreduce(rank, world, at->size_B);
        return;
    case OSU_ALLGATHER:
        rank_allgather(rank, world, at->size_B);
        return;
    case OSU_ALLTOALL:
        rank_alltoall(rank, world, at->size_B);
        return;
    case OSU_GATHER:
        rank_gather(rank, world, 0, at->size_B);
        return;
    case OSU_SCATTER:
        rank_scatter(rank, world, 0, at->size_B);
        return;
    default:
        assert(!"no collective");
    }
}

/* Seconds that the rank spent in the timed calls. */
static double timed_s(const struct osu_point *at, struct rank *rank)
{
    double sum_s = 0.0;

    for (int i = 0; i < at->n_warmup + at->n_iterations; i++) {
        const double start_s = rank_time_s(rank);
        call(at, rank);
        if (i >= at->n_warmup)
            sum_s += rank_time_s(rank) - start_s;
        if (at->test != OSU_BARRIER)
            rank_barrier(rank, rank_world(rank));
    }
    return sum_s;
}

static void barrier_if(bool is_there, struct rank *rank)
{
    if (is_there)
        rank_barrier(rank, rank_world(rank));
}

/* Where OSU puts barriers around the calls differs from test to test. */
void osu_measure_collective(const struct osu_point *at, struct rank *rank)
{
    const bool encloses = at->test != OSU_BARRIER && at->test != OSU_BCAST;

    barrier_if(encloses, rank);
    rank_record(rank, at->slot, timed_s(at, rank) / at->n_iterations);
    barrier_if(!encloses || at->test == OSU_ALLGATHER, rank);
    for (int i = 0; i < 3; i++) /* least, greatest, sum over ranks */
        rank_reduce(rank, rank_world(rank), 0, MPI_DOUBLE_B);
    barrier_if(encloses, rank);
}
