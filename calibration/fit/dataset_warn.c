/*
 * dataset_warn.c - what is doubtful about a dataset.
 */
#include "dataset.h"

#include "visits.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Launches that differ by less than this are alike for whoever predicts with 5 %. */
static const double least_drift = 0.03;

/* A launch that was seen at fewer points says nothing about drift. */
enum { LEAST_POINTS = 5 };

/* From the median absolute deviation of n values to the half-width of their median's 95 % interval:
 * 1.4826 to a standard deviation, 1.2533 / sqrt(n) to that of the median, 1.96 to the interval. */
static const double interval_of_deviation = 1.4826 * 1.2533 * 1.96;

/* --- remarks -------------------------------------------------------------------------------------
 */

static void warn_remarks(const struct dataset *dataset, struct arena *arena, dataset_teller *tell,
                         void *user)
{
    for (int i = 0; i < dataset->n_raws; i++) {
        const struct raw *raw = dataset->raws[i];
        for (int j = 0; j < raw->n_remarks; j++) {
            const struct raw_remark *remark = &raw->remarks[j];
            const char *text = arena_format(
                arena, "%s, launch %d: %s%s", raw->path, remark->launch,
                remark->is_refusal ? "refused when it was measured: " : "", remark->text);
            if (text)
                tell(text, user);
        }
        const char *cut =
            raw->is_cut
                ? arena_format(arena, "%s ends within a frame: what came before is used", raw->path)
                : NULL;
        if (cut)
            tell(cut, user);
    }
}

/* --- drift between launches ----------------------------------------------------------------------
 */

/* Median over visits of one launch; NAN: it has none. */
static double launch_median_s(const struct dataset_point *point, int launch, double room[])
{
    int n = 0;
    for (int i = 0; i < point->n_visits; i++)
        if (point->visits[i].launch == launch)
            room[n++] = point->visits[i].median_s;
    return n > 0 ? median_of(n, room) : NAN;
}

struct shift {
    int n;
    double log_ratio, half_width;
};

/* How far a launch's points are from those of all. `room` has space for all visits of a point, and
 * `ratios` for all points. */
static struct shift shift_of(const struct dataset_slice *slice, int launch, double room[],
                             double ratios[])
{
    struct shift shift = {0, 0.0, 0.0};
    for (int i = 0; i < slice->n; i++) {
        const double s = launch_median_s(&slice->points[i], launch, room);
        if (isfinite(s))
            ratios[shift.n++] = log(s / slice->points[i].location_s);
    }
    if (shift.n == 0)
        return shift;
    shift.log_ratio = median_of(shift.n, ratios);
    for (int i = 0; i < shift.n; i++)
        ratios[i] = fabs(ratios[i] - shift.log_ratio);
    shift.half_width = interval_of_deviation * median_of(shift.n, ratios) / sqrt(shift.n);
    return shift;
}

static void warn_slice(const struct dataset *dataset, const struct dataset_slice *slice,
                       double room[], double ratios[], struct arena *arena, dataset_teller *tell,
                       void *user)
{
    const struct dataset_point *first = &slice->points[0];
    if (dataset_count_launches(slice) < 2)
        return;
    for (int launch = 0; launch < dataset->n_launches; launch++) {
        const struct shift shift = shift_of(slice, launch, room, ratios);
        if (shift.n < LEAST_POINTS || fabs(shift.log_ratio) < least_drift ||
            fabs(shift.log_ratio) < shift.half_width)
            continue;
        const struct dataset_launch *of = &dataset->launches[launch];
        const char *text = arena_format(
            arena, "%s, launch %d: %s (%s, %s) took %+.0f %% against all launches: they drift",
            of->raw->path, of->launch->number, raw_operation_names[first->operation],
            raw_path_names[first->path], raw_load_names[first->load],
            100.0 * expm1(shift.log_ratio));
        if (text)
            tell(text, user);
    }
}

static void warn_drift(const struct dataset *dataset, struct arena *arena, dataset_teller *tell,
                       void *user)
{
    int most_visits = 1;
    for (int i = 0; i < dataset->n_points; i++)
        if (dataset->points[i].n_visits > most_visits)
            most_visits = dataset->points[i].n_visits;
    double *room = calloc((size_t)most_visits, sizeof *room);
    double *ratios = calloc((size_t)dataset->n_points + 1, sizeof *ratios);
    for (int at = 0; at < dataset->n_points && room && ratios;) {
        const struct dataset_point *point = &dataset->points[at];
        const struct dataset_slice slice =
            dataset_slice(dataset, point->operation, point->path, point->load, point->n_active);
        warn_slice(dataset, &slice, room, ratios, arena, tell, user);
        at += slice.n;
    }
    free(room);
    free(ratios);
}

/* --- two states of a machine ---------------------------------------------------------------------
 */

/* Blocks whose messages take 1.5 times as long as those of the others are of another machine. */
static const double least_state_ratio = 1.5;
enum { LEAST_BLOCKS = 2 };

/* Blocks of all launches, numbered without gaps. */
struct block_numbers {
    int n_launches, n_per_launch;
};

/* How far the messages of one block are from those of all, as a log ratio. */
struct block_shift {
    int n;
    double *log_ratios; /* n of them, of its visits; then their median is the first */
};

static int compare_medians(const void *a, const void *b)
{
    const double x = ((const struct block_shift *)a)->log_ratios[0];
    const double y = ((const struct block_shift *)b)->log_ratios[0];
    return (x > y) - (x < y);
}

/* Fills blocks[], which have room for a visit of each point; returns how many have any, those
 * first and by their medians. */
static int sort_blocks(const struct dataset_slice *slice, struct block_numbers numbers,
                       struct block_shift blocks[])
{
    const int n_blocks = numbers.n_launches * numbers.n_per_launch;
    int n = 0;
    for (int p = 0; p < slice->n; p++)
        for (int v = 0; v < slice->points[p].n_visits; v++) {
            const struct dataset_visit *visit = &slice->points[p].visits[v];
            struct block_shift *block =
                &blocks[visit->launch * numbers.n_per_launch + visit->block];
            assert(block->log_ratios);
            if (block->n < slice->n)
                block->log_ratios[block->n++] = log(visit->median_s / slice->points[p].location_s);
        }
    for (int b = 0; b < n_blocks; b++)
        if (blocks[b].n >= LEAST_POINTS) {
            blocks[b].log_ratios[0] = median_of(blocks[b].n, blocks[b].log_ratios);
            const struct block_shift swapped = blocks[n];
            blocks[n++] = blocks[b];
            blocks[b] = swapped;
        }
    qsort(blocks, (size_t)n, sizeof *blocks, compare_medians);
    return n;
}

/* Blocks below the widest gap between two of them; 0: there is none that tells states apart. */
static int fast_blocks(int n, const struct block_shift blocks[], double *ratio)
{
    int n_fast = 0;
    *ratio = least_state_ratio;
    for (int i = LEAST_BLOCKS; i + LEAST_BLOCKS <= n; i++) {
        const double gap = exp(blocks[i].log_ratios[0] - blocks[i - 1].log_ratios[0]);
        if (gap > *ratio) {
            *ratio = gap;
            n_fast = i;
        }
    }
    return n_fast;
}

static void warn_states_of(const struct dataset_slice *slice, struct block_numbers numbers,
                           struct block_shift blocks[], struct arena *arena, dataset_teller *tell,
                           void *user)
{
    double ratio;
    const int n = sort_blocks(slice, numbers, blocks);
    const int n_fast = fast_blocks(n, blocks, &ratio);
    const char *text =
        n_fast == 0
            ? NULL
            : arena_format(arena,
                           "ping-pong (%s): of %d blocks, %d took %.2g times as long as "
                           "the others: the machine was in two states (its clock, or where a "
                           "hypervisor runs the vCPUs), and profiles are of the more frequent",
                           raw_path_names[slice->points[0].path], n, n - n_fast, ratio);
    if (text)
        tell(text, user);
}

static struct block_numbers number_blocks(const struct dataset *dataset,
                                          const struct dataset_slice *slice)
{
    struct block_numbers numbers = {dataset->n_launches, 0};
    for (int p = 0; p < slice->n; p++)
        for (int v = 0; v < slice->points[p].n_visits; v++)
            if (slice->points[p].visits[v].block >= numbers.n_per_launch)
                numbers.n_per_launch = slice->points[p].visits[v].block + 1;
    return numbers;
}

/* Launches differ, too (warn_drift); this is for what changes while one runs. */
static void warn_states(const struct dataset *dataset, struct arena *arena, dataset_teller *tell,
                        void *user)
{
    for (int path = RAW_SAME_DOMAIN; path <= RAW_OTHER_HOST; path++) {
        const struct dataset_slice slice =
            dataset_slice(dataset, RAW_PINGPONG, (enum raw_path)path, RAW_IDLE, 0);
        const struct block_numbers numbers = number_blocks(dataset, &slice);
        const int n_blocks = numbers.n_launches * numbers.n_per_launch;
        struct block_shift *blocks = calloc((size_t)n_blocks + 1, sizeof *blocks);
        double *room = calloc((size_t)n_blocks * (size_t)slice.n + 1, sizeof *room);
        for (int b = 0; b < n_blocks && blocks && room; b++)
            blocks[b].log_ratios = room + (size_t)b * (size_t)slice.n;
        if (blocks && room && n_blocks > 0)
            warn_states_of(&slice, numbers, blocks, arena, tell, user);
        free(blocks);
        free(room);
    }
}

void dataset_warn(const struct dataset *dataset, dataset_teller *tell, void *user)
{
    struct arena arena = {NULL, false};
    warn_remarks(dataset, &arena, tell, user);
    warn_drift(dataset, &arena, tell, user);
    warn_states(dataset, &arena, tell, user);
    arena_release(&arena);
}
