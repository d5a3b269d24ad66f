/*
 * collective.c - phases that are one collective call of all ranks. The MPI profile's decision
 * tables choose the algorithm.
 */
#include "kind.h"

#include <math.h>

struct collective_phase {
    struct phase_common common;
    struct expression size_B;
    int root;
};

static uint64_t size_at(const struct collective_phase *spec, const struct turn *turn)
{
    return (uint64_t)expression_at(&spec->size_B, turn->step);
}

static void root_complete(void *spec, struct pattern_check *check)
{
    const struct collective_phase *collective = spec;
    if (collective->root >= check->n_ranks)
        pattern_refuse(check, "root", "ranks are numbered from 0",
                       "rank %d is none of the scenario's %d ranks", collective->root,
                       check->n_ranks);
}

/* Calls of ranks and, about, the messages in them: along a tree, or from all to all. */
static double tree_operations(const void *spec, int n_ranks, long step)
{
    (void)spec, (void)step;
    return n_ranks * (1.0 + log2(n_ranks));
}

static double all_operations(const void *spec, int n_ranks, long step)
{
    (void)spec, (void)step;
    return (double)n_ranks * n_ranks;
}

static void barrier_part(const void *spec, const struct turn *turn)
{
    (void)spec;
    rank_barrier(turn->rank, turn->world);
}

static void bcast_part(const void *spec, const struct turn *turn)
{
    const struct collective_phase *bcast = spec;
    rank_bcast(turn->rank, turn->world, bcast->root, size_at(bcast, turn));
}

static void reduce_part(const void *spec, const struct turn *turn)
{
    const struct collective_phase *reduce = spec;
    rank_reduce(turn->rank, turn->world, reduce->root, size_at(reduce, turn));
}

static void gather_part(const void *spec, const struct turn *turn)
{
    const struct collective_phase *gather = spec;
    rank_gather(turn->rank, turn->world, gather->root, size_at(gather, turn));
}

static void scatter_part(const void *spec, const struct turn *turn)
{
    const struct collective_phase *scatter = spec;
    rank_scatter(turn->rank, turn->world, scatter->root, size_at(scatter, turn));
}

static void allreduce_part(const void *spec, const struct turn *turn)
{
    rank_allreduce(turn->rank, turn->world, size_at(spec, turn));
}

static void allgather_part(const void *spec, const struct turn *turn)
{
    rank_allgather(turn->rank, turn->world, size_at(spec, turn));
}

static void alltoall_part(const void *spec, const struct turn *turn)
{
    rank_alltoall(turn->rank, turn->world, size_at(spec, turn));
}

#define SIZE_ROW(text)                                                                             \
    {                                                                                              \
        .key = "size", PHASE_SIZE(struct collective_phase, size_B), .help = text                   \
    }
#define ROOT_ROW(text)                                                                             \
    {                                                                                              \
        .key = "root", .kind = FIELD_COUNT, .min = 0, .max = 1e7, .fallback = "0", .help = text,   \
        .offset = offsetof(struct collective_phase, root)                                          \
    }

static const struct field barrier_fields[] = {PHASE_NAME, {0}};
static const struct field bcast_fields[] = {
    PHASE_NAME, SIZE_ROW("What every rank gets."), ROOT_ROW("The rank that has it."), {0}};
static const struct field reduce_fields[] = {
    PHASE_NAME, SIZE_ROW("What every rank adds to."), ROOT_ROW("The rank that gets the sum."), {0}};
static const struct field gather_fields[] = {
    PHASE_NAME, SIZE_ROW("What each rank gives."), ROOT_ROW("The rank that gets it all."), {0}};
static const struct field scatter_fields[] = {
    PHASE_NAME, SIZE_ROW("What each rank gets."), ROOT_ROW("The rank that has it all."), {0}};
static const struct field allreduce_fields[] = {
    PHASE_NAME, SIZE_ROW("What every rank adds to, and gets."), {0}};
static const struct field allgather_fields[] = {
    PHASE_NAME, SIZE_ROW("What each rank gives, and every other gets."), {0}};
static const struct field alltoall_fields[] = {
    PHASE_NAME, SIZE_ROW("What goes from each rank to each other one."), {0}};

#define COLLECTIVE(operation, does, check, count)                                                  \
    extern const struct pattern_kind pattern_##operation;                                          \
    const struct pattern_kind pattern_##operation = {.name = #operation,                           \
                                                     .help = does,                                 \
                                                     .fields = operation##_fields,                 \
                                                     .spec_size = sizeof(struct collective_phase), \
                                                     .complete = check,                            \
                                                     .operations = count,                          \
                                                     .part = operation##_part}

COLLECTIVE(barrier, "Every rank waits until all have come.", NULL, tree_operations);
COLLECTIVE(bcast, "One rank sends the same to all others (MPI_Bcast).", root_complete,
           tree_operations);
COLLECTIVE(reduce, "The sum over all ranks goes to one of them (MPI_Reduce).", root_complete,
           tree_operations);
COLLECTIVE(gather, "Each rank sends its part to one of them (MPI_Gather).", root_complete,
           tree_operations);
COLLECTIVE(scatter, "One rank sends each of the others its part (MPI_Scatter).", root_complete,
           tree_operations);
COLLECTIVE(allreduce, "The sum over all ranks goes to every one of them (MPI_Allreduce).", NULL,
           tree_operations);
COLLECTIVE(allgather, "The parts of all ranks go to every one of them (MPI_Allgather).", NULL,
           all_operations);
COLLECTIVE(alltoall,
           "Each rank sends another part to each of the others (MPI_Alltoall): the pattern that "
           "loads a network most.",
           NULL, all_operations);
