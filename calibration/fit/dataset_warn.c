/*
 * dataset_warn.c - what is doubtful about a dataset.
 */
#include "dataset.h"

#include "visits.h"

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

void dataset_warn(const struct dataset *dataset, dataset_teller *tell, void *user)
{
    struct arena arena = {NULL, false};
    warn_remarks(dataset, &arena, tell, user);
    warn_drift(dataset, &arena, tell, user);
    arena_release(&arena);
}
