#include "kernel_fft.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void fft_roots(int n, struct point roots[])
{
    for (int k = 0; k < n; k++) {
        const double angle = -2.0 * M_PI * k / n;
        roots[k] = (struct point){cos(angle), sin(angle)};
    }
}

double fft_flops(int n)
{
    return 5.0 * n * log2(n);
}

static inline struct point plus(struct point a, struct point b)
{
    return (struct point){a.re + b.re, a.im + b.im};
}

static inline struct point minus(struct point a, struct point b)
{
    return (struct point){a.re - b.re, a.im - b.im};
}

static inline struct point times(struct point a, struct point b)
{
    return (struct point){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

/* `a` turned by -90 degrees, as i^-1 is the fourth root of this direction. */
static inline struct point turned(struct point a)
{
    return (struct point){a.im, -a.re};
}

/* --- short vectors ------------------------------------------------------------------------ */

/* `stride` transforms of length n stand interleaved in x; afterwards twice as many of half the
 * length do in y. */
static void halve(int n, int stride, int step, const struct point roots[], const struct point x[],
                  struct point y[])
{
    for (int p = 0; p < n / 2; p++)
        for (int q = 0; q < stride; q++) {
            const struct point a = x[q + stride * p], b = x[q + stride * (p + n / 2)];
            y[q + stride * 2 * p] = plus(a, b);
            y[q + stride * (2 * p + 1)] = times(minus(a, b), roots[p * step]);
        }
}

static void quarter(int n, int stride, int step, const struct point roots[], const struct point x[],
                    struct point y[])
{
    for (int p = 0; p < n / 4; p++) {
        const struct point w1 = roots[p * step], w2 = roots[2 * p * step], w3 = roots[3 * p * step];
        const struct point *from = x + stride * p;
        struct point *to = y + 4 * stride * p;
        for (int q = 0; q < stride; q++) {
            const struct point a = from[q], b = from[q + stride * (n / 4)],
                               c = from[q + stride * (n / 2)], d = from[q + stride * (3 * n / 4)];
            const struct point sum_even = plus(a, c), difference_even = minus(a, c);
            const struct point sum_odd = plus(b, d), difference_odd = turned(minus(b, d));
            to[q] = plus(sum_even, sum_odd);
            to[q + stride] = times(plus(difference_even, difference_odd), w1);
            to[q + 2 * stride] = times(minus(sum_even, sum_odd), w2);
            to[q + 3 * stride] = times(minus(difference_even, difference_odd), w3);
        }
    }
}

struct point *fft_short(int n, int n_roots, const struct point roots[], struct point x[],
                        struct point y[])
{
    assert(n >= 1 && (n & (n - 1)) == 0 && n_roots % n == 0);

    int stride = 1;
    while (n > 1) {
        const int radix = n == 2 ? 2 : 4;
        (radix == 2 ? halve : quarter)(n, stride, n_roots / n, roots, x, y);
        struct point *last = x;
        x = y;
        y = last;
        n /= radix;
        stride *= radix;
    }
    return x;
}

/* --- long vectors ------------------------------------------------------------------------- */

static int shorter_side(int n)
{
    int side = 1;
    while (side <= n / side / 4)
        side *= 2;
    return side;
}

long fft_plan_points(int n)
{
    const int columns = n / shorter_side(n);
    return (long)n + columns + (FFT_COLUMNS + 1) * (long)(columns + FFT_PADDING);
}

struct fft_plan fft_plan_init(int n, struct point memory[])
{
    const int rows = shorter_side(n), columns = n / rows;
    const struct fft_plan plan = {.rows = rows,
                                  .columns = columns,
                                  .roots = memory,
                                  .factors = memory + columns,
                                  .scratch = memory + columns + n};
    assert((n & (n - 1)) == 0 && rows >= FFT_COLUMNS);
    fft_roots(columns, plan.roots);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) {
            const double angle = -2.0 * M_PI * i * j / n;
            plan.factors[i * columns + j] = (struct point){cos(angle), sin(angle)};
        }
    return plan;
}

/* Vectors of a power of two would meet in few places of a cache. */
static struct point *vector_of(const struct fft_plan *plan, int n, int number)
{
    return plan->scratch + number * (n + FFT_PADDING);
}

/* The `n` points of each vector in the scratch. */
static void transform_scratch(const struct fft_plan *plan, int n)
{
    struct point *other = vector_of(plan, n, FFT_COLUMNS);
    for (int i = 0; i < FFT_COLUMNS; i++) {
        struct point *vector = vector_of(plan, n, i);
        const struct point *done = fft_short(n, plan->columns, plan->roots, vector, other);
        if (done != vector)
            memcpy(vector, done, (size_t)n * sizeof *done);
    }
}

/* Some columns of x, transformed and multiplied, go to y. */
static void transform_columns(const struct fft_plan *plan, int first, const struct point x[],
                              struct point y[])
{
    for (int i = 0; i < plan->rows; i++)
        for (int j = 0; j < FFT_COLUMNS; j++)
            vector_of(plan, plan->rows, j)[i] = x[i * plan->columns + first + j];
    transform_scratch(plan, plan->rows);
    for (int i = 0; i < plan->rows; i++)
        for (int j = 0; j < FFT_COLUMNS; j++) {
            const int place = i * plan->columns + first + j;
            y[place] = times(vector_of(plan, plan->rows, j)[i], plan->factors[place]);
        }
}

/* Some rows of y, transformed, go to columns of x. */
static void transform_rows(const struct fft_plan *plan, int first, struct point x[],
                           const struct point y[])
{
    for (int i = 0; i < FFT_COLUMNS; i++)
        memcpy(vector_of(plan, plan->columns, i), y + (first + i) * plan->columns,
               (size_t)plan->columns * sizeof *y);
    transform_scratch(plan, plan->columns);
    for (int j = 0; j < plan->columns; j++)
        for (int i = 0; i < FFT_COLUMNS; i++)
            x[j * plan->rows + first + i] = vector_of(plan, plan->columns, i)[j];
}

void fft_long(const struct fft_plan *plan, struct point x[], struct point y[])
{
    for (int j = 0; j < plan->columns; j += FFT_COLUMNS)
        transform_columns(plan, j, x, y);
    for (int i = 0; i < plan->rows; i += FFT_COLUMNS)
        transform_rows(plan, i, x, y);
}
