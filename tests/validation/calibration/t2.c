/*
 * t2.c - predicts sizes that a fit has not seen, on timings that others measured.
 *
 * usage: calibration_t2 FOLDER
 * Reads all CSV files of the folder, whose lines are OPERATION,SIZE,START,SECONDS in the order of
 * the measurement; lines of one operation and size that follow each other are a visit, whose first
 * is cold. P50 and P95 are errors of held-out sizes; FLOOR and TAIL those of half of the visits
 * predicting the other half. Status 1 where a target is missed.
 */
#include "calibration/fit/bootstrap.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OPERATION_LENGTH = 32, MOST_OPERATIONS = 4, FOLDS = 5 };

/* Targets: of the median error and of that which 5 % exceed. */
static const double P50_LEAST = 0.01, P50_FLOORS = 1.5;
static const double P95_LEAST = 0.05, P95_FLOORS = 2.0;

/* All timings of an operation, and where visits begin in them. */
struct timings {
    char operation[OPERATION_LENGTH];
    int n, room;
    double *size_B, *time_s;
    struct timed_visit *visits;
};

/* --- reading --------------------------------------------------------------------------------- */

static void add(struct timings *timings, double size_B, double time_s)
{
    if (timings->n == timings->room) {
        timings->room = 2 * timings->room + 1024;
        const size_t bytes = (size_t)timings->room * sizeof(double);
        timings->size_B = realloc(timings->size_B, bytes);
        timings->time_s = realloc(timings->time_s, bytes);
        assert(timings->size_B && timings->time_s);
    }
    timings->size_B[timings->n] = size_B;
    timings->time_s[timings->n++] = time_s;
}

static struct timings *find(struct timings all[MOST_OPERATIONS], const char *operation)
{
    for (int i = 0; i < MOST_OPERATIONS; i++) {
        if (all[i].n == 0)
            snprintf(all[i].operation, sizeof all[i].operation, "%s", operation);
        if (strcmp(all[i].operation, operation) == 0)
            return &all[i];
    }
    return NULL;
}

/* Returns 0, or -EINVAL where it is not as the head of this file says. */
static int read_line(char *line, struct timings all[MOST_OPERATIONS])
{
    char *rest = strchr(line, ',');
    if (!rest)
        return -EINVAL;
    *rest = '\0';
    double numbers[3];
    for (int i = 0; i < 3; i++) {
        const char *text = rest + 1;
        numbers[i] = strtod(text, &rest);
        if (rest == text || *rest != (i < 2 ? ',' : '\n'))
            return -EINVAL;
    }
    struct timings *timings = find(all, line);
    if (timings)
        add(timings, numbers[0], numbers[2]);
    return timings ? 0 : -EINVAL;
}

/* Returns 0 or a negative errno. */
static int read_file(const char *path, struct timings all[MOST_OPERATIONS])
{
    FILE *file = fopen(path, "r");
    if (!file)
        return -errno;
    char line[256];
    int status = 0;
    while (!status && fgets(line, sizeof line, file))
        status = read_line(line, all);
    fclose(file);
    return status;
}

/* Cuts timings into visits, and drops the cold one of each. */
static struct visit_series cut(struct timings *timings)
{
    struct visit_series series = {0};
    timings->visits = calloc((size_t)timings->n, sizeof *timings->visits);
    assert(timings->visits);
    for (int from = 0, end; from < timings->n; from = end) {
        end = from;
        while (end < timings->n && timings->size_B[end] == timings->size_B[from])
            end++;
        if (end - from >= 2)
            timings->visits[series.n++] = (struct timed_visit){
                timings->size_B[from], 1, end - from - 1, &timings->time_s[from + 1]};
    }
    series.visits = timings->visits;
    return series;
}

/* --- telling --------------------------------------------------------------------------------- */

static double seconds_since(clock_t start)
{
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* Where a size was visited twice at all. */
static double floors(double n, double noise_floor)
{
    return isfinite(noise_floor) ? n * noise_floor : 0.0;
}

static struct segments fit(const struct visit_series *series, int *n_sizes, double *fit_s)
{
    struct segment_series located;
    struct segments segments;
    int status = visits_locate(series, &located);
    assert(!status);
    const clock_t start = clock();
    status = segments_fit(1, &located, &segments_defaults, &segments);
    *fit_s = seconds_since(start);
    assert(!status);
    *n_sizes = located.n;
    located_release(&located);
    return segments;
}

static double bootstrap_s(const struct visit_series *series, const struct segments *segments)
{
    struct segments_intervals intervals;
    const clock_t start = clock();
    const int status = bootstrap_visits(1, series, segments, &bootstrap_defaults, &intervals);
    assert(!status);
    return seconds_since(start);
}

/* Returns whether both targets are met. */
static bool tell(const char *name, const struct timings *timings, const struct visit_series *series)
{
    struct hold_out held;
    int n_sizes;
    double fit_s;
    const int status = segments_hold_out(1, series, &segments_defaults, FOLDS, &held);
    assert(!status);
    const struct segments segments = fit(series, &n_sizes, &fit_s);
    const bool is_p50_met = held.p50 <= fmax(P50_LEAST, floors(P50_FLOORS, held.floor));
    const bool is_p95_met = held.p95 <= fmax(P95_LEAST, floors(P95_FLOORS, held.floor));
    printf("%-26s %-9s %5d %6d %6.2f %6.2f %-6s %6.2f %6.2f %-6s %3d %6.3f %6.2f\n", name,
           timings->operation, n_sizes, series->n, 100.0 * held.floor, 100.0 * held.p50,
           is_p50_met ? "met" : "missed", 100.0 * visits_noise_tail(series), 100.0 * held.p95,
           is_p95_met ? "met" : "missed", segments.n_pieces, fit_s, bootstrap_s(series, &segments));
    return is_p50_met && is_p95_met;
}

/* Returns how many of a file's operations miss a target, or a negative errno. */
static int tell_file(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    struct timings all[MOST_OPERATIONS] = {0};
    const int status = read_file(path, all);
    int n_missed = 0;
    for (int i = 0; i < MOST_OPERATIONS; i++) {
        if (!status && all[i].n > 0) {
            const struct visit_series series = cut(&all[i]);
            n_missed += !tell(name, &all[i], &series);
            free(all[i].visits);
        }
        free(all[i].size_B);
        free(all[i].time_s);
    }
    if (status)
        fprintf(stderr, "calibration_t2: %s: %s\n", path, strerror(-status));
    return status ? status : n_missed;
}

static int is_csv(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".csv") == 0;
}

int main(int argc, char *argv[])
{
    struct dirent **names;
    const int n = argc == 2 ? scandir(argv[1], &names, is_csv, alphasort) : -1;
    if (n < 1) {
        fprintf(stderr, "usage: calibration_t2 FOLDER, with CSV files of timings\n");
        return argc == 2 ? 66 : 64;
    }
    printf("%-26s %-9s %5s %6s %6s %6s %-6s %6s %6s %-6s %3s %6s %6s\n", "FILE", "OPERATION",
           "SIZES", "VISITS", "FLOOR%", "P50%", "", "TAIL%", "P95%", "", "SEG", "FIT s", "BOOT s");
    int n_missed = 0;
    bool is_read = true;
    for (int i = 0; i < n; i++) {
        const int missed = tell_file(argv[1], names[i]->d_name);
        is_read = is_read && missed >= 0;
        n_missed += missed > 0 ? missed : 0;
        free(names[i]);
    }
    free(names);
    printf("targets missed by %d operations\n", n_missed);
    return !is_read ? 66 : n_missed > 0;
}
