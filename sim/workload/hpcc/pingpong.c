#include "pingpong.h"
#include "sim/workload/shared.h"

#include <errno.h>
#include <stdlib.h>

enum { TAG_PING = 100, TAG_PONG = 101, TAG_NEXT_CLIENT = 102 };

enum { SLOT_LATENCY_S, SLOT_BANDWIDTH_BPS };

/* Pairs that play with one message size, one after the other. */
struct pair_set {
    int last_client;  /* clients are 0, stride, 2 stride, ..., last_client */
    int first_server; /* servers are first_server, ..., the last rank */
    int stride;
    uint64_t size_B;
    int n_loops;
    int slot; /* what to record of each pair; -1: nothing */
};

enum { SET_LATENCY_ESTIMATE, SET_LATENCY, SET_BANDWIDTH_ESTIMATE, SET_BANDWIDTH, N_SETS };

struct pingpong_plan {
    int n_ranks;
    struct pair_set sets[N_SETS];
};

enum pingpong_phase { PHASE_TURN, PHASE_REDUCE };

/* --- one pair ------------------------------------------------------------------------------- */

static void play_round(const struct pair_set *set, struct rank *rank, int server)
{
    rank_send(rank, rank_world(rank), server, TAG_PING, set->size_B);
    rank_recv(rank, rank_world(rank), server, TAG_PONG, set->size_B, NULL);
}

static void record_pair(const struct pair_set *set, struct rank *rank, double message_s)
{
    if (set->slot == SLOT_LATENCY_S)
        rank_record(rank, SLOT_LATENCY_S, message_s);
    else if (set->slot == SLOT_BANDWIDTH_BPS)
        rank_record(rank, SLOT_BANDWIDTH_BPS, (double)set->size_B / message_s);
}

/* The client tells the number of rounds first and whether the clock was happy with it last. */
static void play_as_client(const struct pair_set *set, struct rank *rank, int server)
{
    rank_send(rank, rank_world(rank), server, TAG_PING, MPI_INT_B);
    play_round(set, rank, server);
    const double start_s = rank_time_s(rank);
    for (int i = 0; i < set->n_loops; i++)
        play_round(set, rank, server);
    const double message_s = (rank_time_s(rank) - start_s) / (2.0 * set->n_loops);
    rank_send(rank, rank_world(rank), server, TAG_PING, MPI_INT_B);
    record_pair(set, rank, message_s);
}

static void play_as_server(const struct pair_set *set, struct rank *rank, int client)
{
    rank_recv(rank, rank_world(rank), client, TAG_PING, MPI_INT_B, NULL);
    for (int i = 0; i < 1 + set->n_loops; i++) {
        rank_recv(rank, rank_world(rank), client, TAG_PING, set->size_B, NULL);
        rank_send(rank, rank_world(rank), client, TAG_PONG, set->size_B);
    }
    rank_recv(rank, rank_world(rank), client, TAG_PING, MPI_INT_B, NULL);
}

/* --- one client's turn ---------------------------------------------------------------------- */

static bool is_server(const struct pair_set *set, int rank)
{
    return rank >= set->first_server && (rank - set->first_server) % set->stride == 0;
}

static void turn_as_client(const struct pingpong_plan *plan, const struct pair_set *set,
                           struct rank *rank)
{
    const int client = rank_number(rank);

    if (client > 0)
        rank_recv(rank, rank_world(rank), client - set->stride, TAG_NEXT_CLIENT, 0, NULL);
    for (int server = set->first_server; server < plan->n_ranks; server += set->stride)
        if (server != client)
            play_as_client(set, rank, server);
    if (client < set->last_client)
        rank_send(rank, rank_world(rank), client + set->stride, TAG_NEXT_CLIENT, 0);
}

/* Iteration: set * n_ranks + client. */
static void turn_part(const void *plan_, long iteration, struct rank *rank, void *state)
{
    const struct pingpong_plan *plan = plan_;
    const struct pair_set *set = &plan->sets[iteration / plan->n_ranks];
    const int client = (int)(iteration % plan->n_ranks);
    (void)state;

    if (rank_number(rank) == client)
        turn_as_client(plan, set, rank);
    else if (is_server(set, rank_number(rank)))
        play_as_server(set, rank, client);
    rank_bcast(rank, rank_world(rank), set->last_client, 0);
}

/* Number of pairs, then least, sum and greatest of latency and of bandwidth; after an estimate
 * rank 0 tells the stride. */
static void reduce_part(const void *plan, long set, struct rank *rank, void *state)
{
    (void)plan, (void)state;
    for (int i = 0; i < 7; i++)
        rank_reduce(rank, rank_world(rank), 0, MPI_DOUBLE_B);
    if (set == SET_LATENCY_ESTIMATE || set == SET_BANDWIDTH_ESTIMATE)
        rank_bcast(rank, rank_world(rank), 0, MPI_INT_B);
}

static const struct phase pingpong_phases[] = {
    [PHASE_TURN] = {.name = "turn of one client", .part = turn_part},
    [PHASE_REDUCE] = {.name = "results to rank 0", .part = reduce_part},
};

/* --- the program ---------------------------------------------------------------------------- */

static int count_clients(const struct pair_set *set)
{
    return set->last_client / set->stride + 1;
}

static bool pingpong_step(const void *plan_, long index, struct step *step)
{
    const struct pingpong_plan *plan = plan_;

    for (int i = 0; i < N_SETS; i++) {
        const struct pair_set *set = &plan->sets[i];
        const int n_turns = count_clients(set);
        if (index < n_turns) {
            *step = (struct step){PHASE_TURN, (long)i * plan->n_ranks + index * set->stride};
            return true;
        }
        if (index == n_turns) {
            *step = (struct step){PHASE_REDUCE, i};
            return true;
        }
        index -= n_turns + 1;
    }
    return false;
}

static bool is_prime(int n)
{
    for (int i = 2; i < n; i++)
        if (n % i == 0)
            return false;
    return true;
}

int pingpong_stride(int n_ranks, int n_clients)
{
    int stride = (int)((double)n_ranks / n_clients + 0.9);

    if (stride < 1)
        return 1;
    if (stride == 2)
        return 3;
    while (!is_prime(stride) && stride <= n_ranks / 3)
        stride++;
    return stride;
}

/* All pairs of clients and servers that are `stride` apart. */
static struct pair_set spread_pairs(int n_ranks, int stride)
{
    const int last = n_ranks - 1;
    return (struct pair_set){.last_client = last / stride * stride,
                             .first_server = last - last / stride * stride,
                             .stride = stride};
}

static void plan_sets(struct pingpong_plan *plan, const struct pingpong_spec *spec)
{
    const struct pair_set pairs =
        spread_pairs(plan->n_ranks, pingpong_stride(plan->n_ranks, spec->n_clients));
    const struct pair_set first_and_last = {
        .last_client = 0, .first_server = plan->n_ranks - 1, .stride = 1, .slot = -1};

    for (int i = 0; i < N_SETS; i++) {
        const bool is_short = i == SET_LATENCY_ESTIMATE || i == SET_LATENCY;
        plan->sets[i] = i == SET_LATENCY || i == SET_BANDWIDTH ? pairs : first_and_last;
        plan->sets[i].size_B = (uint64_t)(is_short ? spec->latency_B : spec->bandwidth_B);
        plan->sets[i].n_loops = is_short ? spec->n_latency_loops : spec->n_bandwidth_loops;
    }
    plan->sets[SET_LATENCY].slot = SLOT_LATENCY_S;
    plan->sets[SET_BANDWIDTH].slot = SLOT_BANDWIDTH_BPS;
}

static int pingpong_program_new(const void *spec, int n_ranks, struct program *program)
{
    struct pingpong_plan *plan = calloc(1, sizeof(struct pingpong_plan));

    *program =
        (struct program){.phases = pingpong_phases,
                         .n_phases = (int)(sizeof pingpong_phases / sizeof pingpong_phases[0]),
                         .plan = plan,
                         .n_ranks = n_ranks,
                         .step = pingpong_step};
    if (!plan)
        return -ENOMEM;
    plan->n_ranks = n_ranks;
    plan_sets(plan, spec);
    return 0;
}

/* --- scenario and results ------------------------------------------------------------------- */

static int pingpong_metrics(const void *spec, const struct outcome *outcome,
                            struct metric metrics[])
{
    const struct record *latency = &outcome->records[SLOT_LATENCY_S];
    const struct record *bandwidth = &outcome->records[SLOT_BANDWIDTH_BPS];
    const double mean_latency_s = latency->sum / (double)latency->n;
    const double mean_bandwidth_Bps = bandwidth->sum / (double)bandwidth->n;
    (void)spec;

    metrics[0] = (struct metric){"pingpong_latency_us", "us", mean_latency_s * 1e6, false, 3};
    metrics[1] = (struct metric){"pingpong_latency_min_us", "us", latency->min * 1e6, false, 3};
    metrics[2] = (struct metric){"pingpong_latency_max_us", "us", latency->max * 1e6, false, 3};
    metrics[3] =
        (struct metric){"pingpong_bandwidth_GBps", "GB/s", mean_bandwidth_Bps * 1e-9, true, 3};
    metrics[4] =
        (struct metric){"pingpong_bandwidth_min_GBps", "GB/s", bandwidth->min * 1e-9, true, 3};
    metrics[5] =
        (struct metric){"pingpong_bandwidth_max_GBps", "GB/s", bandwidth->max * 1e-9, true, 3};
    return 6;
}

static const struct field pingpong_fields[] = {
    {.key = "latency_size",
     FIELD_MESSAGE_SIZE,
     .fallback = "8 B",
     .help = "Size of the messages that measure latency.",
     .offset = offsetof(struct pingpong_spec, latency_B)},
    {.key = "bandwidth_size",
     FIELD_MESSAGE_SIZE,
     .fallback = "2 MB",
     .help = "Size of the messages that measure bandwidth.",
     .offset = offsetof(struct pingpong_spec, bandwidth_B)},
    {.key = "latency_loops",
     FIELD_COUNT_UP_TO(10000),
     .fallback = "8",
     .help = "Timed rounds of each pair with short messages.",
     .offset = offsetof(struct pingpong_spec, n_latency_loops)},
    {.key = "bandwidth_loops",
     FIELD_COUNT_UP_TO(10000),
     .fallback = "1",
     .help = "Timed rounds of each pair with long messages.",
     .offset = offsetof(struct pingpong_spec, n_bandwidth_loops)},
    {.key = "clients", PINGPONG_CLIENTS, .offset = offsetof(struct pingpong_spec, n_clients)},
    {0}};

const struct workload workload_pingpong = {
    .name = "pingpong",
    .help = "HPCC's ping-pong: latency and bandwidth of one pair of ranks at a time",
    .about = "One pair of processes at a time sends a message forth and back while all others "
             "wait; many pairs, spread over the machine, take turns. Half of a round's time is the "
             "pair's latency (8 bytes) or gives its bandwidth (2 MB); the mean, the least and the "
             "greatest over the pairs are reported. It is HPCC's test of an idle network.\n"
             "Latency is the sum of the two MPI and network stacks, what each guest adds to them, "
             "the backends that must wake up, and the wire. Bandwidth is that of the slowest "
             "stage: often the backend, whose cost a packet is CPU time of the host. The best "
             "pairs share a node, or even a guest; the distance between least and greatest tells "
             "what crossing each border costs. Waiting processes that poll keep their cores busy, "
             "which slows the backends beside them.",
    .fields = pingpong_fields,
    .spec_size = sizeof(struct pingpong_spec),
    .check = check_two_ranks,
    .program_new = pingpong_program_new,
    .program_free = program_free_plan,
    .metrics = pingpong_metrics,
};
