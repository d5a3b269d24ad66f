/*
 * pipeline.c - a wavefront: data flow from one corner of a grid of processes to the other, block by
 * block.
 *
 * A process receives a block's border from each neighbour upstream, computes, and sends its own
 * border on. The last process begins when the first wave has crossed the grid: with E processes on
 * the way and B blocks, the parts take E + B - 1 turns instead of B.
 */
#include "grid.h"
#include "work.h"

struct pipeline {
    struct phase_common common;
    struct expression n_blocks;
    struct expression size_B;
    int n_dimensions;
    struct process_grid grid;
    bool is_reversed;
    struct phase_work work;
};

static void pipeline_complete(void *spec, struct pattern_check *check)
{
    struct pipeline *pipeline = spec;
    grid_complete(&pipeline->grid, pipeline->n_dimensions, check);
    work_check(&pipeline->work, check);
}

enum { UPSTREAM = -1, DOWNSTREAM = 1 };

static void pipeline_part(const void *spec, const struct turn *turn)
{
    const struct pipeline *pipeline = spec;
    const struct process_grid *grid = &pipeline->grid;
    const uint64_t size_B = (uint64_t)expression_at(&pipeline->size_B, turn->step);
    const uint64_t n_blocks = (uint64_t)expression_at(&pipeline->n_blocks, turn->step);
    const int flow = pipeline->is_reversed ? -1 : 1;

    for (uint64_t block = 0; block < n_blocks; block++) {
        for (int i = 0; i < grid->n_dimensions; i++) {
            const int from = grid_neighbour(grid, turn->number, i, flow * UPSTREAM, false);
            if (from != GRID_NOBODY)
                rank_recv(turn->rank, turn->world, from, i, size_B, NULL);
        }
        work_do(&pipeline->work, turn, (uint64_t)turn->number * n_blocks + block);
        for (int i = 0; i < grid->n_dimensions; i++) {
            const int to = grid_neighbour(grid, turn->number, i, flow * DOWNSTREAM, false);
            if (to != GRID_NOBODY)
                rank_send(turn->rank, turn->world, to, i, size_B);
        }
    }
}

static double pipeline_operations(const void *spec, int n_ranks, long step)
{
    const struct pipeline *pipeline = spec;
    return expression_at(&pipeline->n_blocks, step) * (pipeline->n_dimensions + 1.0) * n_ranks;
}

static const struct field pipeline_fields[] = {
    PHASE_NAME,
    {.key = "blocks",
     PHASE_COUNT(struct pipeline, n_blocks, 1.0, 1e9),
     .fallback = "1",
     .help = "Blocks that follow each other: many small ones fill the pipeline sooner, and cost "
             "more messages."},
    {.key = "size",
     PHASE_SIZE(struct pipeline, size_B),
     .help = "What goes downstream with each block, to each neighbour."},
    {.key = "dimensions",
     .kind = FIELD_COUNT,
     .min = 1,
     .max = 2,
     .fallback = "2",
     .help = "1: a line of processes; 2: a wave from one corner of a grid to the opposite one.",
     .offset = offsetof(struct pipeline, n_dimensions)},
    {.key = "grid",
     .kind = FIELD_COUNTS,
     .max_items = 2,
     .min = 1,
     .max = 1e7,
     .fallback = "[]",
     .help = "Processes along each dimension; left out: as even as the ranks allow.",
     .offset = offsetof(struct pipeline, grid.extent),
     .count_offset = offsetof(struct pipeline, grid.n_dimensions)},
    {.key = "reverse",
     .kind = FIELD_BOOL,
     .fallback = "false",
     .help = "Whether the wave starts at the last rank, as in the second half of a solver's sweep.",
     .offset = offsetof(struct pipeline, is_reversed)},
    WORK_FIELDS(struct pipeline, work, "a block on each rank"),
    {0}};

extern const struct pattern_kind pattern_pipeline;
const struct pattern_kind pattern_pipeline = {
    .name = "pipeline",
    .help = "A wavefront: blocks of work flow from the first rank to the last, each passing a "
            "message downstream. Latency and the filling of the pipeline limit it.",
    .fields = pipeline_fields,
    .spec_size = sizeof(struct pipeline),
    .complete = pipeline_complete,
    .operations = pipeline_operations,
    .part = pipeline_part};
