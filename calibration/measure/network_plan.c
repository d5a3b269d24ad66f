#include "network_plan.h"

#include "load.h"
#include "network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* For plan_add(): a fast machine's half round trip and bandwidth, and pieces of a visit. */
static const double guessed_latency_s = 1e-6, guessed_Bps = 5e9, guessed_piece_s = 1e-4;
enum { PIECES = VISIT_REPETITIONS + 1 };

/* Of pairs beyond the first, and of several at once: what tells a slow pair or a shared wire. */
static const double few_sizes_B[] = {8, 1024, 16384, 131072, 1048576, -1.0};

static const double beside_threshold_B[] = {0.0, -64.0, -1.0, 1.0, 64.0};
enum { N_BESIDE = sizeof beside_threshold_B / sizeof beside_threshold_B[0] };

/*
 * Adds the two sides of the path's threshold, of each `n_beside` sizes; returns how many sizes
 * there are then. Only that of what programs see: the other methods' brackets are another
 * time others, and launches should have the same cells.
 */
static int add_thresholds(const struct plan_request *request, enum raw_path path, int n_beside,
                          double largest_B, int n, double sizes_B[])
{
    for (int i = 0; i < request->n_thresholds; i++) {
        const struct raw_threshold *threshold = &request->thresholds[i];
        if (threshold->path != path || strcmp(threshold->method, "semantic") != 0)
            continue;
        for (int k = 0; k < 2 * n_beside; k++) {
            const double side_B = k % 2 == 0 ? threshold->from_B : threshold->to_B;
            const double size_B = side_B + beside_threshold_B[k / 2];
            if (size_B > 0.0 && size_B <= largest_B)
                sizes_B[n++] = size_B;
        }
    }
    return n;
}

/* A path's sizes for an operation that wants each `every`-th; in no order, some maybe twice. */
static double *sizes_of(const struct measure *measure, const struct plan_request *request,
                        enum raw_path path, int every, double largest_B, int *n)
{
    int n_common;
    double *common_B = plan_message_sizes(measure->seed, request, &n_common);
    const int n_room = 1 + n_common + 2 * N_BESIDE * request->n_thresholds;
    double *sizes_B = calloc((size_t)n_room, sizeof *sizes_B);

    if (!sizes_B)
        abort();
    *n = 1; /* the empty message */
    for (int i = 0; i < n_common; i++) {
        if ((i % every == 0 || i == n_common - 1) && common_B[i] <= largest_B)
            sizes_B[(*n)++] = common_B[i];
    }
    free(common_B);
    *n = add_thresholds(request, path, every == 1 ? N_BESIDE : 1, largest_B, *n, sizes_B);
    return sizes_B;
}

static double expected_s(const struct raw_cell *cell)
{
    const double messages = cell->operation == RAW_STREAM ? cell->argument[0] : 2.0;
    const double one_s = messages * (guessed_latency_s + cell->size_B / guessed_Bps);
    return PIECES * fmax(one_s, cell->load == RAW_BUSY ? network_busy_piece_s : guessed_piece_s);
}

static void add_sizes(const struct measure *measure, const struct plan_request *request,
                      struct plan *plan, const struct network_wish *wish, struct raw_cell cell,
                      int every)
{
    int n;

    if (every == 0)
        return;
    const double largest_B = fmin(wish->largest_B, request->largest_message_B);
    double *sizes_B = sizes_of(measure, request, cell.path, every, largest_B, &n);
    for (int i = 0; i < n; i++) {
        cell.size_B = sizes_B[i];
        plan_add(plan, &cell, expected_s(&cell));
    }
    free(sizes_B);
}

/* Whether each domain with one of these ranks has a core for load; the same on every rank. */
static bool has_load(const struct measure *measure, int n, const int ranks[])
{
    int has = 1;

    for (int i = 0; i < n; i++) {
        if (ranks[i] == measure->rank)
            has = load_n_threads(measure, n, ranks) > 0;
    }
    MPI_Allreduce(MPI_IN_PLACE, &has, 1, MPI_INT, MPI_MIN, measure->world);
    return has;
}

static struct raw_cell pair_cell(enum raw_operation operation, enum raw_path path,
                                 const int pair[2])
{
    return (struct raw_cell){.operation = operation,
                             .path = path,
                             .load = RAW_IDLE,
                             .n_active = 2,
                             .rank = pair[0],
                             .partner = pair[1]};
}

/* Some sizes of other pairs, spread over all. */
static void add_other_pairs(const struct plan_request *request, struct plan *plan,
                            const struct network_wish *wish, enum raw_path path, int n_pairs,
                            const int ranks[])
{
    const int n = (int)fmin(wish->n_pairs[request->thoroughness], n_pairs);

    for (int i = 1; i < n; i++) {
        const int pair = n > 1 ? (int)((long)i * (n_pairs - 1) / (n - 1)) : 0;
        struct raw_cell cell = pair_cell(wish->operation, path, &ranks[2 * pair]);
        for (int k = 0; few_sizes_B[k] >= 0.0; k++) {
            cell.size_B = few_sizes_B[k];
            if (cell.size_B <= request->largest_message_B)
                plan_add(plan, &cell, expected_s(&cell));
        }
    }
}

void network_plan_pair(const struct measure *measure, const struct plan_request *request,
                       struct plan *plan, const struct network_wish *wish)
{
    int *ranks = calloc((size_t)measure->n_ranks, sizeof *ranks);

    for (enum raw_path path = RAW_SAME_DOMAIN; ranks && path <= RAW_OTHER_HOST; path++) {
        const int n_pairs = network_find_pairs(measure, path, ranks);
        if (n_pairs == 0)
            continue;
        struct raw_cell cell = pair_cell(wish->operation, path, ranks);
        memcpy(cell.argument, wish->argument, sizeof cell.argument);
        add_sizes(measure, request, plan, wish, cell, wish->every[request->thoroughness]);
        add_other_pairs(request, plan, wish, path, n_pairs, ranks);
        cell.load = RAW_BUSY;
        if (request->is_busy_wanted && has_load(measure, 2, ranks))
            add_sizes(measure, request, plan, wish, cell, wish->every_busy[request->thoroughness]);
    }
    free(ranks);
}

void network_plan_pairs(const struct measure *measure, const struct plan_request *request,
                        struct plan *plan)
{
    int *ranks = calloc((size_t)measure->n_ranks, sizeof *ranks);

    for (enum raw_path path = RAW_SAME_DOMAIN; ranks && path <= RAW_OTHER_HOST; path++) {
        const int n_pairs = network_find_pairs(measure, path, ranks);
        for (int k = 1, last = 0; last < n_pairs; last = k, k *= 2) {
            k = k < n_pairs ? k : n_pairs;
            struct raw_cell cell = pair_cell(RAW_PAIRS, path, ranks);
            cell.n_active = 2 * k;
            for (int i = 0; few_sizes_B[i] >= 0.0; i++) {
                cell.size_B = few_sizes_B[i];
                if (cell.size_B <= request->largest_message_B)
                    plan_add(plan, &cell, expected_s(&cell));
            }
        }
    }
    free(ranks);
}

void network_plan_all(const struct measure *measure, const struct plan_request *request,
                      struct plan *plan, enum raw_operation operation, double argument,
                      const double sizes_B[])
{
    struct raw_cell cell = {.operation = operation,
                            .path = RAW_ALL_RANKS,
                            .load = RAW_IDLE,
                            .n_active = measure->n_ranks,
                            .rank = 0,
                            .partner = -1,
                            .argument = {argument}};

    for (int i = 0; measure->n_ranks > 1 && sizes_B[i] >= 0.0; i++) {
        const double copies = operation == RAW_ALLTOALL ? measure->n_ranks : 1.0;
        cell.size_B = sizes_B[i];
        if (cell.size_B <= request->largest_message_B && copies * cell.size_B <= network_largest_B)
            plan_add(plan, &cell, expected_s(&cell));
    }
}
