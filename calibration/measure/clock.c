#include "clock.h"

#include <assert.h>
#include <math.h>
#include <mpi.h>
#include <stdlib.h>
#include <time.h>

enum { LOOKS = 2001, MAX_BATCH = 1000000 };

static const double looks_disturb = 1e-3; /* of what is timed, at most */

#ifdef SMPI_H

double clock_now_s(void)
{
    return MPI_Wtime();
}

struct clock_quality clock_measure(void)
{
    return (struct clock_quality){.source = "MPI_Wtime"};
}

#else

/* A year of uptime would leave a double no nanoseconds, hence since the first call. */
double clock_now_s(void)
{
    static struct timespec first;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    if (first.tv_sec == 0 && first.tv_nsec == 0)
        first = now;
    return (double)(now.tv_sec - first.tv_sec) + 1e-9 * (double)(now.tv_nsec - first.tv_nsec);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct clock_quality clock_measure(void)
{
    static double steps_s[LOOKS];
    const double first_s = clock_now_s();
    double before_s = first_s, resolution_s = INFINITY;
    for (int i = 0; i < LOOKS; i++) {
        const double now_s = clock_now_s();
        steps_s[i] = now_s - before_s;
        if (steps_s[i] > 0.0)
            resolution_s = fmin(resolution_s, steps_s[i]);
        before_s = now_s;
    }
    qsort(steps_s, LOOKS, sizeof steps_s[0], by_value);
    /* A clock of coarse steps shows most looks as 0: their mean is what a look takes then. */
    const double median_s = steps_s[LOOKS / 2];
    return (struct clock_quality){
        .source = "CLOCK_MONOTONIC_RAW",
        .resolution_s = isfinite(resolution_s) ? resolution_s : 1e-9,
        .overhead_s = median_s > 0.0 ? median_s : (before_s - first_s) / LOOKS,
    };
}

#endif

long clock_batch(double one_s, double overhead_s)
{
    assert(overhead_s >= 0.0);
    if (!(one_s > 0.0))
        return overhead_s > 0.0 ? MAX_BATCH : 1;
    const double n = ceil(overhead_s / looks_disturb / one_s);
    return n < 1.0 ? 1 : n > MAX_BATCH ? MAX_BATCH : (long)n;
}

void clock_sleep(double seconds)
{
    const struct timespec pause = {(time_t)seconds, (long)(1e9 * (seconds - floor(seconds)))};
    nanosleep(&pause, NULL);
}
