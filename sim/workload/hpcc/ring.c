#include "ring.h"
#include "sim/workload/shared.h"

#include "models/random.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { TAG_TO_RIGHT = 200, TAG_TO_LEFT = 201 };

/* A rank's neighbours on one ring. */
struct neighbours {
    int left, right;
};

struct ring_plan {
    struct ring_spec spec;
    int n_ranks;
    struct neighbours *neighbours; /* n_ranks entries per ring; ring 0 is the natural one */
};

enum ring_phase { PHASE_LATENCY, PHASE_BANDWIDTH, PHASE_REDUCE_LATENCY, PHASE_REDUCE_BANDWIDTH };

/* Each ring with each size has a slot of its own, as it counts by its slowest rank. */
static int latency_slot(long ring)
{
    return (int)ring;
}

static int bandwidth_slot(const struct ring_spec *spec, long ring)
{
    return spec->n_latency_rings + 1 + (int)ring;
}
static_assert(2 * (RING_MAX_RANDOM + 1) <= RECORD_SLOTS, "a slot for every ring");

/* --- one rank on one ring ----------------------------------------------------------------- */

static void exchange_in_turn(struct rank *rank, struct neighbours at, uint64_t size_B)
{
    struct comm *world = rank_world(rank);

    rank_sendrecv(rank, world, at.right, TAG_TO_RIGHT, size_B, at.left, TAG_TO_RIGHT, size_B, NULL);
    rank_sendrecv(rank, world, at.left, TAG_TO_LEFT, size_B, at.right, TAG_TO_LEFT, size_B, NULL);
}

static void exchange_at_once(struct rank *rank, struct neighbours at, uint64_t size_B)
{
    struct comm *world = rank_world(rank);
    struct request *requests[4];

    requests[0] = rank_irecv(rank, world, at.left, TAG_TO_RIGHT, size_B);
    requests[1] = rank_irecv(rank, world, at.right, TAG_TO_LEFT, size_B);
    requests[2] = rank_isend(rank, world, at.right, TAG_TO_RIGHT, size_B);
    requests[3] = rank_isend(rank, world, at.left, TAG_TO_LEFT, size_B);
    rank_wait_all(rank, 4, requests);
}

typedef void exchange_function(struct rank *rank, struct neighbours at, uint64_t size_B);

/* Seconds per message of the rank: `n_loops` timed exchanges of two messages after an untimed. */
static double message_time_s(exchange_function *exchange, struct rank *rank, struct neighbours at,
                             uint64_t size_B, int n_loops)
{
    exchange(rank, at, size_B);
    const double start_s = rank_time_s(rank);
    for (int i = 0; i < n_loops; i++)
        exchange(rank, at, size_B);
    return (rank_time_s(rank) - start_s) / (2.0 * n_loops);
}

/* Rank 0 announces the order, all agree on the number of loops, then both ways are timed. */
static void measure_ring(const struct ring_plan *plan, long ring, struct rank *rank,
                         uint64_t size_B, int n_loops, int slot)
{
    struct comm *world = rank_world(rank);
    const struct neighbours at = plan->neighbours[ring * plan->n_ranks + rank_number(rank)];

    rank_bcast(rank, world, 0, (uint64_t)plan->n_ranks * MPI_INT_B);
    rank_allreduce(rank, world, MPI_INT_B);
    const double in_turn_s = message_time_s(exchange_in_turn, rank, at, size_B, n_loops);
    rank_allreduce(rank, world, MPI_INT_B);
    const double at_once_s = message_time_s(exchange_at_once, rank, at, size_B, n_loops);
    rank_record(rank, slot, fmin(in_turn_s, at_once_s));
}

static void latency_part(const void *plan_, long ring, struct rank *rank, void *state)
{
    const struct ring_plan *plan = plan_;
    (void)state;
    measure_ring(plan, ring, rank, (uint64_t)plan->spec.latency_B, plan->spec.n_latency_loops,
                 latency_slot(ring));
}

static void bandwidth_part(const void *plan_, long ring, struct rank *rank, void *state)
{
    const struct ring_plan *plan = plan_;
    (void)state;
    measure_ring(plan, ring, rank, (uint64_t)plan->spec.bandwidth_B, plan->spec.n_bandwidth_loops,
                 bandwidth_slot(&plan->spec, ring));
}

/* Every rank's time on every ring goes to rank 0. */
static void reduce_latency_part(const void *plan_, long iteration, struct rank *rank, void *state)
{
    const struct ring_plan *plan = plan_;
    (void)iteration, (void)state;
    rank_reduce(rank, rank_world(rank), 0,
                (uint64_t)(plan->spec.n_latency_rings + 1) * MPI_DOUBLE_B);
}

static void reduce_bandwidth_part(const void *plan_, long iteration, struct rank *rank, void *state)
{
    const struct ring_plan *plan = plan_;
    (void)iteration, (void)state;
    rank_reduce(rank, rank_world(rank), 0,
                (uint64_t)(plan->spec.n_bandwidth_rings + 1) * MPI_DOUBLE_B);
}

static const struct phase ring_phases[] = {
    [PHASE_LATENCY] = {.name = "ring with short messages", .part = latency_part},
    [PHASE_BANDWIDTH] = {.name = "ring with long messages", .part = bandwidth_part},
    [PHASE_REDUCE_LATENCY] = {.name = "latencies to rank 0", .part = reduce_latency_part},
    [PHASE_REDUCE_BANDWIDTH] = {.name = "bandwidths to rank 0", .part = reduce_bandwidth_part},
};

/* --- the program ---------------------------------------------------------------------------- */

static bool ring_step(const void *plan_, long index, struct step *step)
{
    const struct ring_plan *plan = plan_;
    const long first_reduce = plan->spec.n_latency_rings + 1;
    const long last_reduce = first_reduce + plan->spec.n_bandwidth_rings + 2;

    if (index > last_reduce)
        return false;
    if (index < first_reduce)
        *step = (struct step){PHASE_LATENCY, index};
    else if (index == first_reduce)
        *step = (struct step){PHASE_REDUCE_LATENCY, 0};
    else if (index < last_reduce)
        *step = (struct step){PHASE_BANDWIDTH, index - first_reduce - 1};
    else
        *step = (struct step){PHASE_REDUCE_BANDWIDTH, 0};
    return true;
}

/* Puts each rank at a random place, or at the next free one after it: HPCC's way, which is not
 * quite uniform. */
static void random_order(int n_ranks, struct random_stream stream, int order[])
{
    for (int i = 0; i < n_ranks; i++)
        order[i] = -1;
    for (int rank = 0; rank < n_ranks; rank++) {
        int place = (int)(random_uniform(&stream) * n_ranks);
        while (order[place] != -1)
            place = (place + 1) % n_ranks;
        order[place] = rank;
    }
}

static void connect_ring(int n_ranks, const int order[], struct neighbours neighbours[])
{
    for (int i = 0; i < n_ranks; i++)
        neighbours[order[i]] = (struct neighbours){.left = order[(i + n_ranks - 1) % n_ranks],
                                                   .right = order[(i + 1) % n_ranks]};
}

static int connect_rings(struct ring_plan *plan)
{
    const struct ring_spec *spec = &plan->spec;
    const int n_random = spec->n_latency_rings > spec->n_bandwidth_rings ? spec->n_latency_rings
                                                                         : spec->n_bandwidth_rings;
    const size_t n_ranks = (size_t)plan->n_ranks;
    int *order = calloc(n_ranks, sizeof(int));

    plan->neighbours = calloc((size_t)(n_random + 1) * n_ranks, sizeof(struct neighbours));
    if (!order || !plan->neighbours) {
        free(order);
        return -ENOMEM;
    }
    for (int rank = 0; rank < plan->n_ranks; rank++)
        order[rank] = rank;
    connect_ring(plan->n_ranks, order, plan->neighbours);
    for (int ring = 1; ring <= n_random; ring++) {
        random_order(plan->n_ranks,
                     random_stream_for((uint64_t)spec->ring_seed, "random ring", (uint64_t)ring),
                     order);
        connect_ring(plan->n_ranks, order, &plan->neighbours[(size_t)ring * n_ranks]);
    }
    free(order);
    return 0;
}

static void ring_program_free(struct program *program)
{
    struct ring_plan *plan = (struct ring_plan *)program->plan;

    if (plan)
        free(plan->neighbours);
    free(plan);
    *program = (struct program){0};
}

static int ring_program_new(const void *spec, int n_ranks, struct program *program)
{
    struct ring_plan *plan = calloc(1, sizeof(struct ring_plan));

    *program = (struct program){.phases = ring_phases,
                                .n_phases = (int)(sizeof ring_phases / sizeof ring_phases[0]),
                                .plan = plan,
                                .n_ranks = n_ranks,
                                .step = ring_step};
    if (!plan)
        return -ENOMEM;
    plan->spec = *(const struct ring_spec *)spec;
    plan->n_ranks = n_ranks;
    if (connect_rings(plan) < 0) {
        ring_program_free(program);
        return -ENOMEM;
    }
    return 0;
}

/* --- scenario and results ----------------------------------------------------------------- */

/* Geometric mean over `n` rings of the time per message of each ring's slowest rank. */
static double mean_time_s(const struct record slowest[], int n)
{
    double log_sum = 0.0;

    for (int i = 0; i < n; i++)
        log_sum += log(slowest[i].max);
    return exp(log_sum / n);
}

static int ring_metrics(const void *spec_, const struct outcome *outcome, struct metric metrics[])
{
    const struct ring_spec *spec = spec_;
    const struct record *latency = &outcome->records[latency_slot(0)];
    const struct record *bandwidth = &outcome->records[bandwidth_slot(spec, 0)];
    const double latency_s = mean_time_s(latency + 1, spec->n_latency_rings);
    const double long_message_s = mean_time_s(bandwidth + 1, spec->n_bandwidth_rings);

    metrics[0] = (struct metric){"ring_latency_us", "us", latency_s * 1e6, false, 3};
    metrics[1] = (struct metric){"ring_bandwidth_GBps", "GB/s",
                                 spec->bandwidth_B / long_message_s * 1e-9, true, 3};
    metrics[2] = (struct metric){"natural_ring_latency_us", "us", latency->max * 1e6, false, 3};
    metrics[3] = (struct metric){"natural_ring_bandwidth_GBps", "GB/s",
                                 spec->bandwidth_B / bandwidth->max * 1e-9, true, 3};
    return 4;
}

static const struct field ring_fields[] = {
    {.key = "latency_size",
     FIELD_MESSAGE_SIZE,
     .fallback = "8 B",
     .help = "Size of the messages that measure latency.",
     .offset = offsetof(struct ring_spec, latency_B)},
    {.key = "bandwidth_size",
     FIELD_MESSAGE_SIZE,
     .fallback = "2 MB",
     .help = "Size of the messages that measure bandwidth.",
     .offset = offsetof(struct ring_spec, bandwidth_B)},
    {.key = "latency_loops",
     FIELD_COUNT_UP_TO(10000),
     .fallback = "5",
     .help = "Timed exchanges of short messages on each ring.",
     .offset = offsetof(struct ring_spec, n_latency_loops)},
    {.key = "bandwidth_loops",
     FIELD_COUNT_UP_TO(10000),
     .fallback = "2",
     .help = "Timed exchanges of long messages on each ring.",
     .offset = offsetof(struct ring_spec, n_bandwidth_loops)},
    {.key = "latency_rings",
     FIELD_COUNT_UP_TO(RING_MAX_RANDOM),
     .fallback = "30",
     .help = "Randomly ordered rings with short messages, over which the mean is taken.",
     .offset = offsetof(struct ring_spec, n_latency_rings)},
    {.key = "bandwidth_rings",
     FIELD_COUNT_UP_TO(RING_MAX_RANDOM),
     .fallback = "10",
     .help = "Randomly ordered rings with long messages, over which the mean is taken.",
     .offset = offsetof(struct ring_spec, n_bandwidth_rings)},
    {.key = "ring_seed",
     FIELD_SEED,
     .fallback = "1",
     .help = "Seed of the random orders; another seed draws other rings.",
     .offset = offsetof(struct ring_spec, ring_seed)},
    {0}};

const struct workload workload_ring = {
    .name = "ring",
    .help =
        "HPCC's natural and random ring: latency and bandwidth with every process communicating",
    .about = "Every process exchanges a message with its left and its right neighbour at the same "
             "time as all others: on the ring of ranks in their natural order, and on rings in "
             "random orders, whose geometric mean is reported. Messages of 8 bytes give the "
             "latency, of 2 MB the bandwidth of a process. It is HPCC's test of the network under "
             "load.\n"
             "With block mapping most neighbours in the natural ring share a node, and in random "
             "rings few do: the difference is what the node's own shared memory is worth. Guests "
             "on one node talk through a bridge or the backend where native ranks would use "
             "memory, so the natural ring suffers most from cutting nodes into guests; random "
             "rings suffer where one backend must serve all the guests of a node. Latencies here "
             "contain the time that a busy backend waits for a core.",
    .fields = ring_fields,
    .spec_size = sizeof(struct ring_spec),
    .check = check_two_ranks,
    .program_new = ring_program_new,
    .program_free = ring_program_free,
    .metrics = ring_metrics,
};
