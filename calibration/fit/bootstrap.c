#include "calibration/fit/bootstrap.h"

#include "calibration/fit/visit_sample.h"

#include <assert.h>
#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

const struct bootstrap_options bootstrap_defaults = {
    .n = 500, .confidence = 0.95, .seed = 1, .name = "bootstrap"};

/* Chance that points of which visits tell all seem further from their line than those explain. */
static const double MISFIT_CHANCE = 0.05;

/* --- what samples say ------------------------------------------------------------------------ */

/* Numbers of a sample, a column each: the sides of breakpoints, then a and b of lines. */
struct outcomes {
    int n_samples, n_pieces;
    double *values; /* [column x n_samples + sample] */
};

enum side { BELOW, ABOVE };

static double *break_column(const struct outcomes *outcomes, int piece, enum side side)
{
    const int column = 2 * (piece - 1) + (int)side;
    return &outcomes->values[(size_t)column * (size_t)outcomes->n_samples];
}

static double *line_column(const struct outcomes *outcomes, int series, int piece,
                           enum line_number which)
{
    const int column = 2 * (outcomes->n_pieces - 1) +
                       N_LINE_NUMBERS * (series * outcomes->n_pieces + piece) + (int)which;
    return &outcomes->values[(size_t)column * (size_t)outcomes->n_samples];
}

static bool outcomes_init(int n_samples, const struct segments *segments, struct outcomes *outcomes)
{
    const int n_columns =
        2 * (segments->n_pieces - 1) + N_LINE_NUMBERS * segments->n_series * segments->n_pieces;
    *outcomes = (struct outcomes){.n_samples = n_samples, .n_pieces = segments->n_pieces};
    outcomes->values = calloc((size_t)n_samples * (size_t)n_columns, sizeof *outcomes->values);
    return outcomes->values != NULL;
}

/* --- lines as they are, and by launch -------------------------------------------------------- */

struct line_facts {
    struct line_estimate estimate;
    double launch_error[N_LINE_NUMBERS]; /* of the mean over launches, beyond what visits explain */
    int n_launches;
};

struct facts {
    struct line_facts line[SEGMENT_SERIES][SEGMENT_PIECES];
};

/* Different numbers of launches of all series, by first appearance. Returns how many. */
static int list_launches(const struct visit_sample *sample, int launches[], int room)
{
    int n = 0;
    for (int k = 0; k < sample->segments.n_series; k++) {
        const struct visit_table *table = &sample->series[k].table;
        for (int i = 0; i < table->n_visits; i++) {
            int known = 0;
            while (known < n && launches[known] != table->visits[i].launch)
                known++;
            if (known == n && n < room)
                launches[n++] = table->visits[i].launch;
        }
    }
    return n;
}

/* Running mean and squares of what launches say of a number, and what visits let them say. */
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

static double launch_error(const struct launch_sums *sums)
{
    if (sums->n < 2)
        return 0.0;
    const double excess = sums->squares / (sums->n - 1) - sums->explained / sums->n;
    return excess > 0.0 ? sqrt(excess / sums->n) : 0.0;
}

enum { MOST_LAUNCHES = 64 };

static void compare_launches(struct visit_sample *sample, struct facts *facts)
{
    const struct segments *segments = &sample->segments;
    struct launch_sums sums[SEGMENT_SERIES][SEGMENT_PIECES][N_LINE_NUMBERS] = {0};
    int launches[MOST_LAUNCHES];
    const int n_launches = list_launches(sample, launches, MOST_LAUNCHES);
    for (int i = 0; i < n_launches; i++) {
        visit_sample_launch(sample, launches[i]);
        for (int k = 0; k < segments->n_series; k++)
            for (int piece = 0; piece < segments->n_pieces; piece++) {
                const struct line_estimate line = visit_sample_line(sample, k, piece);
                for (int which = 0; line.n >= 2 && which < N_LINE_NUMBERS; which++)
                    launch_sums_add(&sums[k][piece][which], line.value[which], line.error[which]);
            }
    }
    for (int k = 0; k < segments->n_series; k++)
        for (int piece = 0; piece < segments->n_pieces; piece++) {
            facts->line[k][piece].n_launches = sums[k][piece][LINE_A].n;
            for (int which = 0; which < N_LINE_NUMBERS; which++)
                facts->line[k][piece].launch_error[which] = launch_error(&sums[k][piece][which]);
        }
}

static void establish(struct visit_sample *sample, struct facts *facts)
{
    for (int k = 0; k < sample->segments.n_series; k++)
        for (int piece = 0; piece < sample->segments.n_pieces; piece++)
            facts->line[k][piece].estimate = visit_sample_line(sample, k, piece);
    compare_launches(sample, facts);
}

/* --- samples --------------------------------------------------------------------------------- */

/* Where nothing varies, nothing is far from what it was. */
static double studentised(const struct line_estimate *drawn, const struct line_estimate *estimate,
                          int which)
{
    const double t = (drawn->value[which] - estimate->value[which]) / drawn->error[which];
    return isfinite(t) ? t : 0.0;
}

static void keep(const struct visit_sample *sample, const struct facts *facts, int number,
                 struct outcomes *outcomes)
{
    const struct segments *segments = &sample->segments;
    for (int piece = 1; piece < segments->n_pieces; piece++) {
        const double *first_B = &sample->axis.size_B[sample->first[piece]];
        break_column(outcomes, piece, BELOW)[number] = first_B[-1];
        break_column(outcomes, piece, ABOVE)[number] = first_B[0];
    }
    for (int k = 0; k < segments->n_series; k++)
        for (int piece = 0; piece < segments->n_pieces; piece++) {
            const struct line_estimate line = visit_sample_line(sample, k, piece);
            for (int which = 0; which < N_LINE_NUMBERS; which++)
                line_column(outcomes, k, piece, which)[number] =
                    studentised(&line, &facts->line[k][piece].estimate, which);
        }
}

static void draw(struct visit_sample *sample, const struct facts *facts,
                 const struct bootstrap_options *options, struct outcomes *outcomes)
{
    for (int number = 0; number < options->n; number++) {
        struct random_stream stream =
            random_stream_for(options->seed, options->name, (uint64_t)number);
        visit_sample_draw(sample, &stream);
        keep(sample, facts, number, outcomes);
    }
}

/* --- intervals ------------------------------------------------------------------------------- */

static double quantile(int n, double values[], double fraction)
{
    gsl_sort(values, 1, (size_t)n);
    return gsl_stats_quantile_from_sorted_data(values, 1, (size_t)n, fraction);
}

/* How many times further points are from their line than visits explain; 1 where that may be
 * chance. */
static double misfit(const struct line_estimate *line)
{
    const double freedom = line->n - 2.0;
    if (freedom < 1.0 || line->chi_square <= gsl_cdf_chisq_Qinv(MISFIT_CHANCE, freedom))
        return 1.0;
    return sqrt(line->chi_square / freedom);
}

static struct interval of_number(const struct outcomes *outcomes, double column[],
                                 const struct line_facts *facts, enum line_number which,
                                 double confidence, double estimate)
{
    const double tail = 0.5 * (1.0 - confidence);
    const struct line_estimate *line = &facts->estimate;
    double least = quantile(outcomes->n_samples, column, tail);
    double most = quantile(outcomes->n_samples, column, 1.0 - tail);
    const double times = misfit(line);
    if (times > 1.0) {
        const double student = gsl_cdf_tdist_Qinv(tail, line->n - 2.0);
        least = times * fmin(least, -student);
        most = times * fmax(most, student);
    }
    const double launches =
        facts->n_launches > 1
            ? facts->launch_error[which] * gsl_cdf_tdist_Qinv(tail, facts->n_launches - 1.0)
            : 0.0;
    const double low = line->value[which] - hypot(most * line->error[which], launches);
    const double high = line->value[which] + hypot(least * line->error[which], launches);
    /* What cannot be negative is not; and an estimate at its bound is in its own interval. */
    return (struct interval){.low = fmax(0.0, fmin(low, estimate)), .high = fmax(high, estimate)};
}

static void tell_line(const struct outcomes *outcomes, const struct visit_sample *sample,
                      const struct facts *facts, double confidence, int series, int piece,
                      struct segments_intervals *intervals)
{
    const struct segment_line *line = &sample->segments.line[series][piece];
    struct interval *a_s = &intervals->a_s[series][piece];
    struct interval *b_spB = &intervals->b_spB[series][piece];
    const struct line_facts *known = &facts->line[series][piece];
    if (line->n == 0) {
        *a_s = *b_spB = (struct interval){NAN, NAN};
        return;
    }
    *a_s = of_number(outcomes, line_column(outcomes, series, piece, LINE_A), known, LINE_A,
                     confidence, line->a_s);
    *b_spB = of_number(outcomes, line_column(outcomes, series, piece, LINE_B), known, LINE_B,
                       confidence, line->b_spB);
    if (line->n <= 2) {
        a_s->low = b_spB->low = 0.0;
        b_spB->high = INFINITY;
    }
}

static struct interval of_breakpoint(const struct outcomes *outcomes,
                                     const struct segments *segments, double confidence, int piece)
{
    const double tail = 0.5 * (1.0 - confidence);
    if (segments->is_forced[piece])
        return (struct interval){segments->from_B[piece], segments->from_B[piece]};
    return (struct interval){
        .low = fmin(quantile(outcomes->n_samples, break_column(outcomes, piece, BELOW), tail),
                    segments->below_B[piece]),
        .high =
            fmax(quantile(outcomes->n_samples, break_column(outcomes, piece, ABOVE), 1.0 - tail),
                 segments->above_B[piece])};
}

static void tell(const struct outcomes *outcomes, const struct visit_sample *sample,
                 const struct facts *facts, double confidence, struct segments_intervals *intervals)
{
    const struct segments *segments = &sample->segments;
    intervals->from_B[0] = (struct interval){0.0, 0.0};
    for (int piece = 1; piece < segments->n_pieces; piece++)
        intervals->from_B[piece] = of_breakpoint(outcomes, segments, confidence, piece);
    for (int k = 0; k < segments->n_series; k++)
        for (int piece = 0; piece < segments->n_pieces; piece++)
            tell_line(outcomes, sample, facts, confidence, k, piece, intervals);
}

int bootstrap_visits(int n_series, const struct visit_series series[],
                     const struct segments *segments, const struct bootstrap_options *options,
                     struct segments_intervals *intervals)
{
    assert(n_series == segments->n_series);
    assert(options->n >= 100 && options->confidence > 0.0 && options->confidence < 1.0);

    struct visit_sample *sample = calloc(1, sizeof *sample);
    struct facts *facts = calloc(1, sizeof *facts);
    struct outcomes outcomes = {0};
    int status = sample && facts && outcomes_init(options->n, segments, &outcomes) ? 0 : -ENOMEM;
    if (!status)
        status = visit_sample_init(n_series, series, segments, sample);
    if (!status) {
        establish(sample, facts);
        draw(sample, facts, options, &outcomes);
        tell(&outcomes, sample, facts, options->confidence, intervals);
    }
    if (sample)
        visit_sample_release(sample);
    free(sample);
    free(facts);
    free(outcomes.values);
    return status;
}
