/*
 * drift_curves.c - times that a probe has measured beside those that stored profiles tell.
 */
#include "drift.h"

#include "fit_node.h"
#include "models/network.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Fewer do not tell what a stored curve misses between its sizes. */
enum { LEAST_POINTS = 3 };

/* What tells a time: stored profiles, as the simulator reads them. */
struct teller {
    struct network network;
    enum path path;
    const struct node_profile *node;
    const struct fitted *probe; /* whose detours are in its times */
};
typedef double time_teller(const struct teller *teller, const struct dataset_point *point);

/* Points of one kind, cut into ranges. */
struct curve {
    const char *what;
    const char *const *range_names; /* NULL: one range */
    enum raw_operation operation;
    enum raw_path path;
    int n_active; /* 0: as few as there are */
    time_teller *told_s;
};

static const double range_begins_B[] = {0.0, 0x1p10, 0x1p14, 0x1p18, INFINITY};
static const char *const range_names[] = {"below 1 KiB", "1 KiB to 16 KiB", "16 KiB to 256 KiB",
                                          "256 KiB and more", NULL};
static const struct field time_field = {
    .key = "time", .kind = FIELD_PARAMETER, .dimension = DIMENSION_TIME};

/* --- what stored profiles tell
 * --------------------------------------------------------------------
 */

static const struct message_pieces *pieces_of(const struct teller *teller)
{
    const struct mpi_profile *mpi = teller->network.mpi;
    return teller->path == PATH_SAME_DOMAIN ? &mpi->local_sizes : &mpi->sizes;
}

/* NAN where the profile does not know messages of that size. Without pieces, what a message beyond
 * the eager threshold waits for is no number of a profile. */
static bool is_known(const struct teller *teller, double size_B)
{
    const struct message_pieces *pieces = pieces_of(teller);
    if (pieces->n == 0)
        return size_B <= network_eager_threshold_B(teller->network.mpi, teller->path);
    return pieces->items[0].send_message_s.valid_lo <= size_B &&
           size_B <= pieces->items[pieces->n - 1].send_message_s.valid_hi;
}

static double send_s(const struct teller *teller, double size_B)
{
    const struct stack_cost cost = network_send_cost(&teller->network, teller->path, size_B);
    return stack_cost_s(&cost);
}

static double recv_s(const struct teller *teller, double size_B)
{
    const struct stack_cost cost = network_recv_cost(&teller->network, teller->path, size_B);
    return stack_cost_s(&cost);
}

static double told_round_s(const struct teller *teller, const struct dataset_point *point)
{
    static const struct host_load idle = {.n_cores = 2};
    if (!is_known(teller, point->size_B))
        return NAN;
    const struct transfer way =
        network_transfer(&teller->network, teller->path, point->size_B, &idle, &idle);
    return send_s(teller, point->size_B) + transfer_duration_s(&way, point->size_B) +
           recv_s(teller, point->size_B);
}

/* Calls do not wait for the other side with eager messages alone. */
static bool is_call_known(const struct teller *teller, double size_B)
{
    return is_known(teller, size_B) &&
           size_B <= network_eager_threshold_B(teller->network.mpi, teller->path);
}

static double told_send_s(const struct teller *teller, const struct dataset_point *point)
{
    return is_call_known(teller, point->size_B) ? send_s(teller, point->size_B) : NAN;
}

static double told_recv_s(const struct teller *teller, const struct dataset_point *point)
{
    return is_call_known(teller, point->size_B) ? recv_s(teller, point->size_B) : NAN;
}

/* Polynomials are of work alone, and what of a time is detours has a row of its own. */
static double told_dgemm_s(const struct teller *teller, const struct dataset_point *point)
{
    const struct dgemm_polynomial *of = &teller->node->dgemm;
    const double m = point->argument[0], n = point->argument[1], k = point->argument[2];
    if (!(of->mnk_s.value > 0.0))
        return NAN;
    const double work_s = of->mnk_s.value * m * n * k + of->mn_s.value * m * n +
                          of->mk_s.value * m * k + of->nk_s.value * n * k + of->call_s.value;
    return work_s / node_undisturbed_part(teller->probe, point);
}

/* --- a range of points ---------------------------------------------------------------------------
 */

/* Logarithms of measured over told times. */
struct ratios {
    int n_points, n_visits;
    double *of_points, *of_visits;
    int *groups, *launches; /* of visits */
    double *told_s;         /* of points */
};

static int ratios_init(struct ratios *ratios, const struct dataset_slice *slice)
{
    const size_t n_points = (size_t)slice->n + 1;
    const size_t n_visits = (size_t)dataset_count_visits(slice) + 1;
    *ratios = (struct ratios){.of_points = calloc(n_points, sizeof(double)),
                              .of_visits = calloc(n_visits, sizeof(double)),
                              .groups = calloc(n_visits, sizeof(int)),
                              .launches = calloc(n_visits, sizeof(int)),
                              .told_s = calloc(n_points, sizeof(double))};
    return ratios->of_points && ratios->of_visits && ratios->groups && ratios->launches &&
                   ratios->told_s
               ? 0
               : -ENOMEM;
}

static void ratios_release(struct ratios *ratios)
{
    free(ratios->of_points);
    free(ratios->of_visits);
    free(ratios->groups);
    free(ratios->launches);
    free(ratios->told_s);
}

static void add_point(struct ratios *ratios, const struct dataset_point *point, double told_s)
{
    ratios->told_s[ratios->n_points] = told_s;
    ratios->of_points[ratios->n_points++] = log(point->location_s / told_s);
    for (int i = 0; i < point->n_visits; i++) {
        const struct dataset_visit *visit = &point->visits[i];
        ratios->of_visits[ratios->n_visits] = log(visit->median_s / told_s);
        ratios->groups[ratios->n_visits] = dataset_block(visit);
        ratios->launches[ratios->n_visits++] = visit->launch;
    }
}

/* Half of an interval; 0 where there is none. */
static double half_width(const struct estimate *estimate)
{
    const double half = 0.5 * (estimate->ci95_hi - estimate->ci95_lo);
    return isfinite(half) ? half : 0.0;
}

static struct parameter *new_time(struct arena *arena, double time_s, double half_log)
{
    struct parameter *time = arena_alloc(arena, sizeof *time);
    if (time) {
        *time = parameter_exact(time_s);
        time->ci95_lo = time_s * exp(-half_log);
        time->ci95_hi = time_s * exp(half_log);
    }
    return time;
}

/* Blocks and launches tell how well a level is known, on both sides; points what of it is the
 * stored curve's shape. */
static int add_row(struct drift *drift, const char *path, const struct ratios *ratios,
                   const struct resampling *how)
{
    const struct estimate shape =
        median_estimate(ratios->n_points, ratios->of_points, NULL, NULL, how);
    const struct estimate level =
        median_estimate(ratios->n_visits, ratios->of_visits, ratios->groups, ratios->launches, how);
    const double known = half_width(&level);
    const double middle_s = ratios->told_s[ratios->n_points / 2];
    const struct parameter *told = new_time(&drift->arena, middle_s, known);
    const struct parameter *found =
        new_time(&drift->arena, middle_s * exp(shape.value), hypot(known, half_width(&shape)));
    if (!path || !told || !found)
        return -ENOMEM;
    struct profile_change *row =
        profile_changes_add(&drift->changes, path, &time_field, told, found);
    if (!row)
        return -ENOMEM;
    row->verdict = parameter_change(told, found, 1.0, row);
    return 0;
}

/* --- curves
 * ----------------------------------------------------------------------------------------
 */

static int add_range(struct drift *drift, const struct curve *curve, const struct teller *teller,
                     const struct fitted *probe, int range)
{
    const struct dataset_slice slice =
        dataset_slice(probe->dataset, curve->operation, curve->path, RAW_IDLE, curve->n_active);
    const bool is_cut = curve->range_names != NULL;
    struct ratios ratios;
    int status = ratios_init(&ratios, &slice);
    for (int i = 0; i < slice.n && status == 0; i++) {
        const struct dataset_point *point = &slice.points[i];
        const double told_s = curve->told_s(teller, point);
        if (told_s > 0.0 && (!is_cut || (range_begins_B[range] <= point->size_B &&
                                         point->size_B < range_begins_B[range + 1])))
            add_point(&ratios, point, told_s);
    }
    if (status == 0 && ratios.n_points >= LEAST_POINTS) {
        const char *path =
            is_cut ? arena_format(&drift->arena, "%s, %s", curve->what, curve->range_names[range])
                   : curve->what;
        status = add_row(drift, path, &ratios, &probe->resampling);
    }
    ratios_release(&ratios);
    return status;
}

/* All ranges; what the stored profiles tell, and none of whose points was probed, is said. */
static int add_curve(struct drift *drift, const struct curve *curve, const struct teller *teller,
                     const struct fitted *probe)
{
    const int n_before = drift->changes.n;
    int status = 0;
    for (int range = 0;
         status == 0 && (range == 0 || (curve->range_names && curve->range_names[range])); range++)
        status = add_range(drift, curve, teller, probe, range);
    if (status == 0 && drift->changes.n == n_before)
        status = drift_add_unprobed(drift, curve->what);
    return status;
}

static int add_curves(struct drift *drift, int n, const struct curve curves[],
                      const struct teller *teller, const struct fitted *probe)
{
    int status = 0;
    for (int i = 0; i < n && status == 0; i++)
        status = add_curve(drift, &curves[i], teller, probe);
    return status;
}

static int add_messages(struct drift *drift, const struct profile *const stored[N_FIT_PARTS],
                        const struct fitted *probe)
{
    static const struct node_profile no_node = {0};
    static const struct link_profile no_link = {0};
    static const struct virt_profile native = {.kind = VIRT_NATIVE};
    const enum raw_path far = probe->has_remote ? probe->remote_path : RAW_OTHER_HOST;
    const struct curve between[] = {
        {"messages between hosts", range_names, RAW_PINGPONG, far, 0, told_round_s},
        {"sending between hosts", range_names, RAW_SEND, far, 0, told_send_s},
        {"receiving between hosts", range_names, RAW_RECV, far, 0, told_recv_s}};
    const struct curve within[] = {
        {"messages within a host", range_names, RAW_PINGPONG, RAW_SAME_DOMAIN, 0, told_round_s},
        {"sending within a host", range_names, RAW_SEND, RAW_SAME_DOMAIN, 0, told_send_s},
        {"receiving within a host", range_names, RAW_RECV, RAW_SAME_DOMAIN, 0, told_recv_s}};
    if (!stored[PART_MPI])
        return 0;
    struct teller teller = {
        .network = {.node = stored[PART_NODE] ? stored[PART_NODE]->values : &no_node,
                    .link = stored[PART_LINK] ? stored[PART_LINK]->values : &no_link,
                    .mpi = stored[PART_MPI]->values,
                    .virt = &native},
        .path = PATH_SAME_DOMAIN};
    int status = add_curves(drift, 3, within, &teller, probe);
    teller.path = PATH_OTHER_HOST;
    if (status == 0 && stored[PART_LINK])
        status = add_curves(drift, 3, between, &teller, probe);
    return status;
}

int drift_add_curves(struct drift *drift, const struct profile *const stored[N_FIT_PARTS],
                     const struct fitted *probe)
{
    static const struct curve multiply = {
        "matrix multiplies of many shapes", NULL, RAW_DGEMM, RAW_NOWHERE, 1, told_dgemm_s};
    const int status = add_messages(drift, stored, probe);
    if (status != 0 || !stored[PART_NODE])
        return status;
    const struct teller teller = {.node = stored[PART_NODE]->values, .probe = probe};
    if (!(teller.node->dgemm.mnk_s.value > 0.0))
        return 0;
    return add_curve(drift, &multiply, &teller, probe);
}
