#include "schedule.h"

#include "random.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* To tell all ranks, wait for the slowest and hear from them. */
static const double overhead_s = 2e-3;

/* Before anything is known, cells may not take more of the budget than this. */
static const double first_block_part = 0.5;

enum { N_CLASSES = 3 }; /* of the first block: up to 10 ms, up to 1 s, longer */

struct state {
    enum raw_operation operation;
    double guess_s;
    double took_s; /* of all visits */
    int n_took;
    double credit_s; /* time that it may take, saved from block to block */
    double *medians_s;
    int n_medians;
};

struct schedule {
    int n, n_blocks, launch;
    int n_calls; /* of schedule_block() */
    unsigned long seed;
    double share_s; /* of a cell in a block */
    struct state *cells;
};

/* --- time ----------------------------------------------------------------------------------- */

static void *allocated(void *old, size_t n, size_t size_B)
{
    void *items = reallocarray(old, n > 0 ? n : 1, size_B);
    if (!items)
        abort();
    return items;
}

void schedule_add(struct schedule *schedule, const struct planned *cell)
{
    schedule->cells = allocated(schedule->cells, (size_t)schedule->n + 1, sizeof *schedule->cells);
    schedule->cells[schedule->n++] =
        (struct state){.operation = cell->cell.operation, .guess_s = cell->expected_s + overhead_s};
}

struct schedule *schedule_new(const struct plan *plan, int n_blocks, unsigned long seed, int launch)
{
    assert(n_blocks >= 1);
    struct schedule *schedule = allocated(NULL, 1, sizeof *schedule);
    *schedule = (struct schedule){
        .n_blocks = n_blocks, .launch = launch, .seed = seed, .share_s = INFINITY};
    schedule->cells = allocated(NULL, (size_t)plan->n, sizeof *schedule->cells);
    for (int i = 0; i < plan->n; i++)
        schedule_add(schedule, &plan->cells[i]);
    return schedule;
}

void schedule_free(struct schedule *schedule)
{
    if (!schedule)
        return;
    for (int i = 0; i < schedule->n; i++)
        free(schedule->cells[i].medians_s);
    free(schedule->cells);
    free(schedule);
}

void schedule_note(struct schedule *schedule, int place, double took_s, double median_s)
{
    assert(place >= 0 && place < schedule->n);
    struct state *cell = &schedule->cells[place];
    cell->took_s += took_s;
    cell->n_took += took_s > 0.0;
    cell->credit_s -= took_s;
    if (!(median_s > 0.0))
        return;
    cell->medians_s =
        allocated(cell->medians_s, (size_t)cell->n_medians + 1, sizeof *cell->medians_s);
    cell->medians_s[cell->n_medians++] = median_s;
}

/* How much longer than guessed visits took: of this operation or, where there was none, of all. */
static double slowness(const struct schedule *schedule, enum raw_operation operation)
{
    double guess_s[2] = {0.0, 0.0}, took_s[2] = {0.0, 0.0};
    for (int i = 0; i < schedule->n; i++) {
        const struct state *cell = &schedule->cells[i];
        for (int k = cell->operation == operation; cell->n_took > 0 && k >= 0; k--) {
            guess_s[k] += cell->guess_s;
            took_s[k] += cell->took_s / cell->n_took;
        }
    }
    const int k = guess_s[1] > 0.0;
    return guess_s[k] > 0.0 ? took_s[k] / guess_s[k] : 1.0;
}

double schedule_expected_s(const struct schedule *schedule, int place)
{
    assert(place >= 0 && place < schedule->n);
    const struct state *cell = &schedule->cells[place];
    if (cell->n_took > 0)
        return cell->took_s / cell->n_took;
    return cell->guess_s * slowness(schedule, cell->operation);
}

/* --- a block -------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The share s with which the sum of min(expected, s) over all cells is `total_s`; INFINITY where
 * all fit. `rising_s` are the n expected times, sorted. */
static double fair_share(const double *rising_s, int n, double total_s)
{
    for (int i = 0; i < n; i++) {
        const double share_s = total_s / (n - i);
        if (rising_s[i] >= share_s)
            return share_s;
        total_s -= rising_s[i];
    }
    return INFINITY;
}

static double *expected_of_all(const struct schedule *schedule)
{
    double *expected_s = allocated(NULL, (size_t)schedule->n, sizeof *expected_s);
    for (int i = 0; i < schedule->n; i++)
        expected_s[i] = schedule_expected_s(schedule, i);
    return expected_s;
}

/* The longest time such that all cells up to it fit into `total_s`; 0 if not even one does. */
static double longest_fitting(const double *rising_s, int n, double total_s)
{
    double longest_s = 0.0;
    for (int i = 0; i < n && rising_s[i] <= total_s; i++) {
        longest_s = rising_s[i];
        total_s -= rising_s[i];
    }
    return longest_s;
}

/* Of the first block only guesses tell what it takes: the short cells, as many as fit into their
 * part of the budget. */
static void give_first_credit(struct schedule *schedule, const double *expected_s,
                              const double *rising_s, double left_s)
{
    const double longest_s = longest_fitting(rising_s, schedule->n, first_block_part * left_s);
    for (int i = 0; i < schedule->n; i++)
        schedule->cells[i].credit_s = expected_s[i] <= longest_s ? expected_s[i] : 0.0;
}

/* Whatever the first block took is forgiven, and savings begin: at different points, or long cells
 * would all be due in the same blocks. */
static void give_second_credit(struct schedule *schedule, const double *expected_s)
{
    struct random_stream stream =
        random_stream(schedule->seed, "first savings", (unsigned long)schedule->launch);
    for (int i = 0; i < schedule->n; i++)
        schedule->cells[i].credit_s = random_fraction(&stream) * expected_s[i];
}

/* What each cell may take in this block and those to come. Behind the last block that was asked
 * for, blocks stay as they were. */
static void share_out(struct schedule *schedule, int block, const double *expected_s, double left_s)
{
    double *rising_s = allocated(NULL, (size_t)schedule->n, sizeof *rising_s);
    memcpy(rising_s, expected_s, (size_t)schedule->n * sizeof *rising_s);
    qsort(rising_s, (size_t)schedule->n, sizeof *rising_s, by_value);
    if (block < schedule->n_blocks)
        schedule->share_s =
            fair_share(rising_s, schedule->n, left_s / (schedule->n_blocks - block));
    if (schedule->n_calls == 0)
        give_first_credit(schedule, expected_s, rising_s, left_s);
    else if (schedule->n_calls == 1)
        give_second_credit(schedule, expected_s);
    free(rising_s);
}

static void shuffle(struct random_stream *stream, int *places, int n)
{
    for (int i = n - 1; i > 0; i--) {
        const int k = random_below(stream, i + 1), kept = places[i];
        places[i] = places[k];
        places[k] = kept;
    }
}

static int class_of(double expected_s)
{
    return (expected_s > 1e-2) + (expected_s > 1.0);
}

/* In each class the order stays. */
static void short_ones_first(const double *expected_s, int *places, int n)
{
    int *sorted = allocated(NULL, (size_t)n, sizeof *sorted);
    int count = 0;
    for (int class = 0; class < N_CLASSES; class ++)
        for (int i = 0; i < n; i++)
            if (class_of(expected_s[places[i]]) == class)
                sorted[count++] = places[i];
    memcpy(places, sorted, (size_t)n * sizeof *sorted);
    free(sorted);
}

/* What each cell gets in this block: its share, or so much that one of them is due. */
static double credit_of_block(const struct schedule *schedule, const double *expected_s)
{
    double least_s = INFINITY;
    for (int i = 0; i < schedule->n; i++)
        least_s = fmin(least_s, expected_s[i] - schedule->cells[i].credit_s);
    return schedule->n_calls == 0 ? 0.0 : fmax(schedule->share_s, least_s);
}

/* Those that may take what they are expected to, in the order of the plan. */
static int collect_due(struct schedule *schedule, const double *expected_s, int places[])
{
    const double more_s = credit_of_block(schedule, expected_s);
    int n = 0;
    for (int i = 0; i < schedule->n; i++) {
        struct state *cell = &schedule->cells[i];
        cell->credit_s = fmin(cell->credit_s + more_s, 2.0 * expected_s[i]);
        if (cell->credit_s >= expected_s[i])
            places[n++] = i;
    }
    return n;
}

/* Keeps those that fit, the short ones first, in the order that they have. */
static int fit(const double *expected_s, double left_s, int places[], int n)
{
    double *rising_s = allocated(NULL, (size_t)n, sizeof *rising_s);
    int kept = 0;
    for (int i = 0; i < n; i++)
        rising_s[i] = expected_s[places[i]];
    qsort(rising_s, (size_t)n, sizeof *rising_s, by_value);
    const double longest_s = longest_fitting(rising_s, n, left_s);
    for (int i = 0; i < n && rising_s[i] < longest_s; i++)
        left_s -= rising_s[i];
    free(rising_s);
    for (int i = 0; i < n; i++) {
        const double cell_s = expected_s[places[i]];
        if (cell_s > longest_s || (cell_s == longest_s && cell_s > left_s))
            continue;
        left_s -= cell_s == longest_s ? cell_s : 0.0;
        places[kept++] = places[i];
    }
    return kept;
}

int schedule_block(struct schedule *schedule, int block, double left_s, int places[])
{
    struct random_stream stream = random_stream(schedule->seed, "order of a block",
                                                (unsigned long)(10000 * schedule->launch + block));
    double *expected_s = expected_of_all(schedule);

    share_out(schedule, block, expected_s, left_s);
    const int n_due = collect_due(schedule, expected_s, places);
    shuffle(&stream, places, n_due);
    if (schedule->n_calls++ == 0)
        short_ones_first(expected_s, places, n_due);
    const int n = fit(expected_s, left_s, places, n_due);
    free(expected_s);
    return block >= schedule->n_blocks && n < n_due ? 0 : n;
}

/* --- enough ---------------------------------------------------------------------------------- */

/* The largest k such that the k-th smallest and the k-th largest of n values enclose the median
 * with 95 % confidence; 0: there is none. */
static int rank_of_interval(int n)
{
    double probability = ldexp(1.0, -n), below = probability;
    int k = 0;
    while (below <= 0.025 && k < n) {
        k++;
        probability *= (double)(n - k + 1) / k;
        below += probability;
    }
    return k;
}

double median_precision(double *values, int n)
{
    const int k = n < 1000 ? rank_of_interval(n) : (int)(0.5 * n - 0.98 * sqrt(n));
    if (k == 0)
        return INFINITY;
    qsort(values, (size_t)n, sizeof *values, by_value);
    const double median = 0.5 * (values[(n - 1) / 2] + values[n / 2]);
    return 0.5 * (values[n - k] - values[k - 1]) / median;
}

double schedule_converged(const struct schedule *schedule, double precision)
{
    int n = 0;
    for (int i = 0; i < schedule->n; i++)
        n += median_precision(schedule->cells[i].medians_s, schedule->cells[i].n_medians) <=
             precision;
    return schedule->n > 0 ? (double)n / schedule->n : 1.0;
}

static int n_without_times(const struct schedule *schedule, bool is_visited)
{
    int n = 0;
    for (int i = 0; i < schedule->n; i++)
        n += schedule->cells[i].n_medians == 0 && (schedule->cells[i].n_took > 0) == is_visited;
    return n;
}

int schedule_n_unvisited(const struct schedule *schedule)
{
    return n_without_times(schedule, false);
}

int schedule_n_silent(const struct schedule *schedule)
{
    return n_without_times(schedule, true);
}

double schedule_median_s(const struct schedule *schedule, int place)
{
    assert(place >= 0 && place < schedule->n);
    const struct state *cell = &schedule->cells[place];
    const int n = cell->n_medians;
    if (n == 0)
        return NAN;
    qsort(cell->medians_s, (size_t)n, sizeof *cell->medians_s, by_value);
    return 0.5 * (cell->medians_s[(n - 1) / 2] + cell->medians_s[n / 2]);
}
