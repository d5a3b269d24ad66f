/*
 * clock.h - the time of the measuring program: a clock that nobody sets or slews; the simulated
 * one where a simulator runs it.
 */
#ifndef VHPC_CLOCK_H
#define VHPC_CLOCK_H

struct clock_quality {
    const char *source;  /* "CLOCK_MONOTONIC_RAW", "MPI_Wtime" */
    double resolution_s; /* smallest step between two looks that was seen; 0: simulated */
    double overhead_s;   /* of a look, the median; 0: simulated */
};

/* Seconds since the program's first look. */
double clock_now_s(void);

/* Looks at the clock for a few milliseconds. */
struct clock_quality clock_measure(void);

/*
 * How often to do what takes about `one_s` between two looks at the clock, so that they disturb it
 * by no more than a thousandth; at least 1, at most 10^6.
 */
long clock_batch(double one_s, double overhead_s);

/* Sleeps; the cores are free meanwhile. */
void clock_sleep(double seconds);

#endif
