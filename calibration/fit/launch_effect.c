#include "calibration/fit/launch_effect.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More launches than that tell nothing more of how launches differ. */
enum { MOST_LAUNCHES = 64 };

/* Different numbers of launches of all series, by first appearance. Returns how many. */
static int list_launches(const struct visit_sample *sample, int launches[MOST_LAUNCHES])
{
    int n = 0;
    for (int k = 0; k < sample->segments.n_series; k++) {
        const struct visit_table *table = &sample->series[k].table;
        for (int i = 0; i < table->n_visits; i++) {
            int known = 0;
            while (known < n && launches[known] != table->visits[i].launch)
                known++;
            if (known == n && n < MOST_LAUNCHES)
                launches[n++] = table->visits[i].launch;
        }
    }
    return n;
}

/* Running mean and squares of what launches say of a number, and the squares that the noise of
 * visits would make of them. */
struct launch_sums {
    int n;
    double mean, squares, explained;
};

static void launch_sums_add(struct launch_sums *sums, double value, double error)
{
    sums->n++;
    const double from_mean = value - sums->mean;
    sums->mean += from_mean / sums->n;
    sums->squares += from_mean * (value - sums->mean);
    sums->explained += error * error;
}

static double launch_sums_error(const struct launch_sums *sums)
{
    if (sums->n < 2)
        return 0.0;
    const double excess = sums->squares / (sums->n - 1) - sums->explained / sums->n;
    return excess > 0.0 ? sqrt(excess / sums->n) : 0.0;
}

/* All that launches say. */
struct comparison {
    struct launch_sums of_line[SEGMENT_SERIES][SEGMENT_PIECES][N_LINE_NUMBERS];
    struct launch_sums of_series[SEGMENT_SERIES]; /* of its times, in those of all launches */
    double *ratio;                                /* room for the points of the longest series */
};

/* Adds by how much the launch at hand is slower in a series, in the median of its points. */
static void compare_series(const struct visit_sample *sample, int series,
                           struct comparison *comparison)
{
    double *ratio = comparison->ratio;
    int n = 0;
    for (int i = 0; i < sample->located[series].n; i++) {
        const struct segment_point *point = &sample->located[series].points[i];
        if (isfinite(point->time_s))
            ratio[n++] = point->time_s / segments_expected_s(&sample->segments, series, point);
    }
    if (n < 2)
        return;
    const double middle = median_of(n, ratio);
    for (int i = 0; i < n; i++)
        ratio[i] = fabs(ratio[i] - middle);
    const double error = DEVIATION_PER_MAD * median_of(n, ratio) * sqrt(MEDIAN_VARIANCE / n);
    launch_sums_add(&comparison->of_series[series], middle, error);
}

static void compare_lines(const struct visit_sample *sample, int series,
                          struct comparison *comparison)
{
    for (int piece = 0; piece < sample->segments.n_pieces; piece++) {
        const struct line_estimate line = visit_sample_line(sample, series, piece);
        for (int which = 0; line.n >= 2 && which < N_LINE_NUMBERS; which++)
            launch_sums_add(&comparison->of_line[series][piece][which], line.value[which],
                            line.error[which]);
    }
}

/* The larger of what a line's own numbers say, and what the whole series does. */
static struct launch_effect effect_of(const struct comparison *comparison, int series, int piece)
{
    const struct launch_sums *sums = comparison->of_line[series][piece];
    struct launch_effect effect = {.n_launches = sums[LINE_A].n};
    const double relative = launch_sums_error(&comparison->of_series[series]);
    for (int which = 0; which < N_LINE_NUMBERS; which++)
        effect.error[which] =
            fmax(launch_sums_error(&sums[which]), relative * fabs(sums[which].mean));
    return effect;
}

int launch_effects_find(struct visit_sample *sample, struct launch_effects *effects)
{
    const struct segments *segments = &sample->segments;
    struct comparison *comparison = calloc(1, sizeof *comparison);
    if (comparison)
        comparison->ratio = calloc((size_t)sample->axis.n_sizes, sizeof *comparison->ratio);
    const bool is_complete = comparison && comparison->ratio;
    if (is_complete) {
        int launches[MOST_LAUNCHES];
        const int n_launches = list_launches(sample, launches);
        for (int i = 0; i < n_launches; i++) {
            visit_sample_launch(sample, launches[i]);
            for (int k = 0; k < segments->n_series; k++) {
                compare_series(sample, k, comparison);
                compare_lines(sample, k, comparison);
            }
        }
        for (int k = 0; k < segments->n_series; k++)
            for (int piece = 0; piece < segments->n_pieces; piece++)
                effects->line[k][piece] = effect_of(comparison, k, piece);
        free(comparison->ratio);
    }
    free(comparison);
    return is_complete ? 0 : -ENOMEM;
}
