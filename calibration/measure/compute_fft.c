/*
 * compute_fft.c - complex Fourier transforms by compiled loops, as programs have them: short ones
 * in caches, and a long one in steps through memory. Parameter of a node: rates.fft (raw.h).
 */
#include "kernel_fft.h"
#include "machine.h"
#include "repeat.h"
#include "workspace.h"

#include <string.h>

/* A transform of a transform is longer by the root of n; after so many of the longest, numbers have
 * grown by 2^800 and are drawn anew. */
enum { MOST_IN_A_ROW = 64, LONGEST_SHORT = 1 << 14 };

static const double guess_flops = 1e9; /* for time tables alone */
static const double longest_s = 0.25;
/* That a matrix product makes in the time of one of a transform. */
static const double flops_of_product = 8.0;

static volatile double sink; /* what is computed must be looked at, or compilers leave it out */

struct transform {
    int n;
    struct point *start, *x, *y, *roots; /* of short ones */
    struct fft_plan plan;                /* of long ones */
};

static void transform_short(void *data, long n)
{
    struct transform *transform = data;
    for (long i = 0; i < n; i++) {
        if (i % MOST_IN_A_ROW == 0)
            memcpy(transform->x, transform->start, (size_t)transform->n * sizeof(struct point));
        struct point *done =
            fft_short(transform->n, transform->n, transform->roots, transform->x, transform->y);
        if (done != transform->x) {
            transform->y = transform->x;
            transform->x = done;
        }
    }
    sink = transform->x[1].re;
}

static void transform_long(void *data, long n)
{
    struct transform *transform = data;
    for (long i = 0; i < n; i++)
        fft_long(&transform->plan, transform->x, transform->y);
    sink = transform->x[1].re;
}

static void plan_transform(const struct measure *measure, const struct plan_request *request,
                           struct plan *plan, int n)
{
    const struct raw_cell cell = {
        .operation = RAW_FFT, .size_B = 2.0 * n * sizeof(struct point), .argument = {n}};
    repeat_plan(measure, request->thoroughness, plan, cell, fft_flops(n) / guess_flops);
}

/* Both vectors are beyond caches, unless the core is so slow that what it computes takes long and
 * hides where data come from. */
static int long_points(const struct machine *machine)
{
    int n = (int)(machine->beyond_B / 2.0 / (2.0 * sizeof(struct point)));

    while (n > 2 * LONGEST_SHORT &&
           fft_flops(n) * flops_of_product / machine->rate_flops > longest_s)
        n /= 2;
    return n > LONGEST_SHORT ? n : 2 * LONGEST_SHORT;
}

static void plan_fft(const struct measure *measure, const struct plan_request *request,
                     struct plan *plan)
{
    if (measure->is_simulated)
        return;
    for (int n = 1 << 8; n <= 1 << 12; n <<= 2)
        plan_transform(measure, request, plan, n);
    plan_transform(measure, request, plan, long_points(machine_of(measure)));
}

static void random_points(int n, struct point points[])
{
    const double *numbers = workspace_random(2 * (size_t)n);
    for (int i = 0; numbers && i < n; i++)
        points[i] = (struct point){numbers[2 * i], numbers[2 * i + 1]};
}

static int short_of_team(const struct measure *measure, const struct team *team, int n,
                         struct visit *visit)
{
    struct point *memory = workspace_of(WORKSPACE_SMALL, 4 * (size_t)n * sizeof *memory);
    if (!memory)
        return MPI_ERR_NO_MEM;
    struct transform transform = {
        .n = n, .start = memory, .x = memory + n, .y = memory + 2 * n, .roots = memory + 3 * n};
    random_points(n, transform.start);
    fft_roots(n, transform.roots);
    return repeat_work(measure, team, transform_short, &transform, visit);
}

/* Its factors are kept from visit to visit. */
static int long_of_team(const struct measure *measure, const struct team *team, int n,
                        struct visit *visit)
{
    static struct transform transform;
    if (transform.n != n) {
        const size_t n_points = 2 * (size_t)n + (size_t)fft_plan_points(n);
        struct point *memory = workspace_of(WORKSPACE_TRANSFORM, n_points * sizeof *memory);
        if (!memory)
            return MPI_ERR_NO_MEM;
        transform = (struct transform){.n = n, .x = memory, .y = memory + n};
        transform.plan = fft_plan_init(n, memory + 2 * (size_t)n);
    }
    random_points(n, transform.x);
    return repeat_work(measure, team, transform_long, &transform, visit);
}

static int fft_of_team(const struct measure *measure, const struct raw_cell *cell,
                       const struct team *team, struct visit *visit)
{
    const int n = (int)cell->argument[0];
    return n <= LONGEST_SHORT ? short_of_team(measure, team, n, visit)
                              : long_of_team(measure, team, n, visit);
}

const struct operation operation_fft = {
    .kind = RAW_FFT,
    .help = "complex Fourier transforms, in caches and beyond",
    .plan = plan_fft,
    .visit = repeat_visit,
    .of_team = fft_of_team,
};
