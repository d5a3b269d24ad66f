#include "calibration/fit/residual.h"

#include <assert.h>
#include <errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

/* Quartiles of a normal distribution are as many standard deviations apart. */
static const double QUARTILES_APART = 1.3489795003921634;

/* --- by piece -------------------------------------------------------------------------------- */

static double relative_deviation(double log_deviation)
{
    return sqrt(expm1(log_deviation * log_deviation));
}

/* Of sorted logarithms. */
static double log_quantile(int n, const double logarithms[], double fraction)
{
    return gsl_stats_quantile_from_sorted_data(logarithms, 1, (size_t)n, fraction);
}

static int tell_piece(int n, double logarithms[], struct residual *residual)
{
    *residual = (struct residual){.n = n};
    for (int i = 0; i < RESIDUAL_QUANTILES; i++)
        residual->quantile[i] = NAN;
    if (n == 0)
        return 0;
    gsl_sort(logarithms, 1, (size_t)n);
    for (int i = 0; i < RESIDUAL_QUANTILES; i++)
        residual->quantile[i] =
            exp(log_quantile(n, logarithms, (i + 1) / (RESIDUAL_QUANTILES + 1.0)));
    if (n >= 2)
        residual->spread = relative_deviation(
            (log_quantile(n, logarithms, 0.75) - log_quantile(n, logarithms, 0.25)) /
            QUARTILES_APART);
    return mixture_fit(n, logarithms, &residual->mixture);
}

static int gather(const struct segments *segments, int series, int piece,
                  const struct visit_series *visits, double logarithms[])
{
    int n = 0;
    for (int i = 0; i < visits->n; i++) {
        const struct timed_visit *visit = &visits->visits[i];
        if (segments_piece(segments, visit->size_B) != piece)
            continue;
        const double line_s = segments_time_s(segments, series, visit->size_B);
        for (int k = 0; line_s > 0.0 && k < visit->n; k++)
            logarithms[n++] = log(visit->times_s[k] / line_s);
    }
    return n;
}

int residuals_tell(const struct segments *segments, int series, const struct visit_series *visits,
                   struct residual residuals[SEGMENT_PIECES])
{
    size_t n_times = 1;
    for (int i = 0; i < visits->n; i++)
        n_times += (size_t)visits->visits[i].n;
    double *logarithms = calloc(n_times, sizeof *logarithms);
    if (!logarithms)
        return -ENOMEM;
    int status = 0;
    for (int piece = 0; !status && piece < segments->n_pieces; piece++) {
        const int n = gather(segments, series, piece, visits, logarithms);
        status = tell_piece(n, logarithms, &residuals[piece]);
    }
    free(logarithms);
    return status;
}

/* --- mixtures -------------------------------------------------------------------------------- */

/* Repetitions of a visit know of each other, so more of them than this tell nothing new; and
 * as many evenly spaced quantiles stand for all. */
enum { MIXTURE_POINTS = 500 };

enum { EM_ROUNDS = 500 };

/* Gain of the mean log likelihood below which expectation and maximisation have done their work. */
static const double EM_GAIN = 1e-6;

/* Of a component of two or three: fewer are a tail. */
static const double LEAST_SHARE = 0.05;

/* No clock sees less noise than that; keeps a component from closing in on a single number. */
static const double LEAST_DEVIATION = 1e-3;

/* In logarithms. */
struct normals {
    int n;
    double share[MIXTURE_COMPONENTS], mean[MIXTURE_COMPONENTS], deviation[MIXTURE_COMPONENTS];
};

static double log_density(const struct normals *normals, int component, double x)
{
    const double z = (x - normals->mean[component]) / normals->deviation[component];
    return log(normals->share[component] / normals->deviation[component]) - 0.5 * z * z -
           0.5 * log(2.0 * M_PI);
}

/* Shares of the components in a number; returns the logarithm of its density. */
static double expect(const struct normals *normals, double x, double part[MIXTURE_COMPONENTS])
{
    double largest = -INFINITY;
    for (int c = 0; c < normals->n; c++) {
        part[c] = log_density(normals, c, x);
        largest = fmax(largest, part[c]);
    }
    double sum = 0.0;
    for (int c = 0; c < normals->n; c++) {
        part[c] = exp(part[c] - largest);
        sum += part[c];
    }
    for (int c = 0; c < normals->n; c++)
        part[c] /= sum;
    return largest + log(fmax(sum, 1.0)); /* the largest part was 1 */
}

/* One round. Returns the log likelihood before it. */
static double improve(int n, const double x[], struct normals *normals)
{
    double weight[MIXTURE_COMPONENTS] = {0}, mean[MIXTURE_COMPONENTS] = {0};
    double squares[MIXTURE_COMPONENTS] = {0};
    double likelihood = 0.0;
    for (int i = 0; i < n; i++) {
        double part[MIXTURE_COMPONENTS];
        likelihood += expect(normals, x[i], part);
        for (int c = 0; c < normals->n; c++) {
            if (part[c] <= 0.0)
                continue;
            weight[c] += part[c];
            const double from_mean = x[i] - mean[c];
            mean[c] += part[c] / weight[c] * from_mean;
            squares[c] += part[c] * from_mean * (x[i] - mean[c]);
        }
    }
    for (int c = 0; c < normals->n; c++) {
        if (weight[c] <= 0.0)
            continue;
        normals->share[c] = weight[c] / n;
        normals->mean[c] = mean[c];
        normals->deviation[c] = fmax(sqrt(squares[c] / weight[c]), LEAST_DEVIATION);
    }
    return likelihood;
}

/* Starts from parts of the sorted numbers: `cut` are the first of each but the first part. */
static struct normals start(int n, const double x[], int n_components, const int cut[])
{
    struct normals normals = {.n = n_components};
    for (int c = 0; c < n_components; c++) {
        const int from = c > 0 ? cut[c - 1] : 0;
        const int end = c + 1 < n_components ? cut[c] : n;
        const size_t length = (size_t)(end - from);
        normals.share[c] = (double)length / n;
        normals.mean[c] = gsl_stats_mean(&x[from], 1, length);
        normals.deviation[c] =
            length > 1 ? fmax(gsl_stats_sd(&x[from], 1, length), LEAST_DEVIATION) : LEAST_DEVIATION;
    }
    return normals;
}

static double maximise(int n, const double x[], struct normals *normals)
{
    double last = -INFINITY;
    for (int round = 0; round < EM_ROUNDS; round++) {
        const double likelihood = improve(n, x, normals);
        if (likelihood - last < EM_GAIN * n)
            break;
        last = likelihood;
    }
    return last;
}

static bool has_small_share(const struct normals *normals)
{
    for (int c = 0; c < normals->n; c++)
        if (normals->share[c] < LEAST_SHARE)
            return true;
    return false;
}

/* Tries starts with the parts' borders on a grid of quantiles; keeps the likeliest. Returns its log
 * likelihood, -INFINITY where all have a share too small. */
static double try_starts(int n, const double x[], int n_components, struct normals *best)
{
    enum { GRID = 4 };
    double likeliest = -INFINITY;
    for (int i = 1; i < GRID; i++)
        for (int k = n_components > 2 ? i + 1 : GRID - 1; k < GRID; k++) {
            const int cut[] = {i * n / GRID, k * n / GRID};
            struct normals normals = start(n, x, n_components, cut);
            const double likelihood = maximise(n, x, &normals);
            if (likelihood > likeliest && !has_small_share(&normals)) {
                likeliest = likelihood;
                *best = normals;
            }
            if (n_components == 1)
                return likeliest;
        }
    return likeliest;
}

static void tell_mixture(const struct normals *normals, struct mixture *mixture)
{
    size_t order[MIXTURE_COMPONENTS];
    gsl_sort_index(order, normals->mean, 1, (size_t)normals->n);
    *mixture = (struct mixture){.n = normals->n};
    for (int c = 0; c < normals->n; c++) {
        mixture->share[c] = normals->share[order[c]];
        mixture->median[c] = exp(normals->mean[order[c]]);
        mixture->spread[c] = relative_deviation(normals->deviation[order[c]]);
    }
}

int mixture_fit(int n, const double logarithms[], struct mixture *mixture)
{
    *mixture = (struct mixture){0};
    if (n < 1)
        return 0;
    double *x = malloc((size_t)n * sizeof *x);
    if (!x)
        return -ENOMEM;
    for (int i = 0; i < n; i++)
        x[i] = logarithms[i];
    gsl_sort(x, 1, (size_t)n);
    const int n_points = n < MIXTURE_POINTS ? n : MIXTURE_POINTS;
    for (int i = 0; i < n_points; i++) /* never ahead of what is still to be read */
        x[i] = x[(int)((i + 0.5) * n / n_points)];

    double least = INFINITY;
    struct normals chosen = {0};
    for (int n_components = 1; n_components <= MIXTURE_COMPONENTS; n_components++) {
        if (n_points < 10 * n_components && n_components > 1)
            break;
        struct normals best;
        const double likelihood = try_starts(n_points, x, n_components, &best);
        const double bic = -2.0 * likelihood + (3 * n_components - 1) * log(n_points);
        if (bic < least) {
            least = bic;
            chosen = best;
        }
    }
    free(x);
    tell_mixture(&chosen, mixture);
    return 0;
}

double mixture_below(const struct mixture *mixture, double ratio)
{
    assert(ratio > 0.0);

    double below = 0.0;
    for (int c = 0; c < mixture->n; c++) {
        const double deviation = sqrt(log1p(mixture->spread[c] * mixture->spread[c]));
        below += mixture->share[c] * 0.5 *
                 erfc(-log(ratio / mixture->median[c]) / (deviation * M_SQRT2));
    }
    return below;
}
