#include "conduct.h"

#include "clock.h"
#include "line.h"
#include "refine.h"
#include "report.h"
#include "schedule.h"

#include "sim/command.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* At least so many, if there is time: fewer visits have no interval worth its name. */
static const int n_blocks[] = {[QUICK] = 10, [USUAL] = 10, [FULL] = 20};

/* Enough is when so many cells are known well: some never are. */
static const double enough = 0.95;

/* Of the budget; the rest is for starting, ending, and visits that take longer than expected. */
static const double usable = 0.95;

/* Blocks after which medians are worth a look for jumps. */
static const int blocks_to_refine = 3;

/* A visit may take so much longer than expected before somebody is thought to be dead. */
static const double may_be_slower = 20.0;

double conduct_budget_s(double budget_s)
{
    return usable * budget_s;
}

/* --- a visit -------------------------------------------------------------------------------- */

static struct answer visit(const struct measure *measure, const struct raw_cell *cell)
{
    struct answer answer = {0};
    const struct operation *operation = operation_for(cell);
    answer.error = operation ? operation->visit(measure, cell, &answer.visit) : MPI_ERR_OTHER;
    return answer;
}

int follow(const struct measure *measure, struct crew *crew,
           const volatile sig_atomic_t *is_interrupted)
{
    for (;;) {
        struct order order = {0};
        int error = crew_order(crew, &order);
        if (error || order.kind == ORDER_STOP)
            return error;
        struct answer answer = visit(measure, &order.cell);
        answer.is_interrupted = *is_interrupted;
        error = crew_hear(crew, &answer);
        if (error)
            return error;
    }
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of the first VISIT_REPETITIONS of them: files may have more. */
static double median_of(const double *times_s, int n)
{
    double sorted_s[VISIT_REPETITIONS];
    if (n > VISIT_REPETITIONS)
        n = VISIT_REPETITIONS;
    memcpy(sorted_s, times_s, (size_t)n * sizeof *times_s);
    qsort(sorted_s, (size_t)n, sizeof *sorted_s, by_value);
    return 0.5 * (sorted_s[(n - 1) / 2] + sorted_s[n / 2]);
}

/* Times that are no times, of a clock too coarse or an operation that ran on a cell it cannot
 * do. */
static bool is_measured(const struct visit *visit)
{
    bool is_good = visit->n >= 2;
    for (int i = 0; i < visit->n && is_good; i++)
        is_good = isfinite(visit->times_s[i]) && visit->times_s[i] > 0.0;
    return is_good;
}

/* Writes what the ranks have measured; returns the mean of their medians, 0 of none. */
static double record(const struct conductor *conductor, const struct raw_cell *cell, int block)
{
    double sum_s = 0.0;
    int n = 0;
    for (int rank = 0; rank < conductor->crew->n_ranks; rank++) {
        struct visit *measured = &conductor->crew->answers[rank].visit;
        if (!is_measured(measured))
            continue;
        struct raw_visit raw = {.cell = cell->number,
                                .block = block,
                                .rank = rank,
                                .at_s = conductor->spent_s(),
                                .cold_s = measured->times_s[0],
                                .n = measured->n - 1,
                                .times_s = measured->times_s + 1};
        recorder_visit(conductor->recorder, &raw);
        sum_s += median_of(raw.times_s, raw.n);
        n++;
    }
    return n > 0 ? sum_s / n : 0.0;
}

/* The rank whose visit failed, or -1; sets *is_interrupted if any rank is. */
static int look_at_answers(const struct crew *crew, bool *is_interrupted)
{
    int failed = -1;
    for (int rank = 0; rank < crew->n_ranks; rank++) {
        *is_interrupted = *is_interrupted || crew->answers[rank].is_interrupted;
        if (crew->answers[rank].error && failed < 0)
            failed = rank;
    }
    return failed;
}

/* Ends the launch because MPI says that something is wrong with `rank`. */
static int fail(const struct conductor *conductor, const char *doing, int rank, int error)
{
    char text[MPI_MAX_ERROR_STRING] = "", reason[MPI_MAX_ERROR_STRING + 400];
    int length;
    const struct place *place = &conductor->places->of[rank];
    MPI_Error_string(error, text, &length);
    snprintf(reason, sizeof reason, "rank %d (%s, process %d), in %s: %s", rank, place->host,
             (int)place->pid, doing, text);
    fprintf(stderr, "vhpc-measure: %s\nvhpc-measure: what was measured is kept\n", reason);
    recorder_end(conductor->recorder, "failed", conductor->spent_s(), reason);
    return EXIT_OFF;
}

enum outcome { GO_ON, INTERRUPTED, FAILED, UNWRITABLE };

/* Has all ranks visit a cell, and writes what comes of it. */
static enum outcome lead(const struct conductor *conductor, struct schedule *schedule, int place,
                         int block)
{
    struct order order = {ORDER_VISIT, conductor->plan->cells[place].cell};
    const double expected_s = schedule_expected_s(schedule, place), begin_s = clock_now_s();
    bool is_interrupted = *conductor->is_interrupted;
    char doing[CELL_TEXT_B];

    report_cell(&order.cell, doing);
    watchdog_expect(conductor->watchdog,
                    fmax(conductor->options->patience_s, may_be_slower * expected_s), true, doing);
    int error = crew_order(conductor->crew, &order), failed = 0;
    if (!error) {
        const struct answer mine = visit(conductor->measure, &order.cell);
        error = crew_hear(conductor->crew, &mine);
    }
    watchdog_rest(conductor->watchdog);
    if (!error) {
        failed = look_at_answers(conductor->crew, &is_interrupted);
        error = failed >= 0 ? conductor->crew->answers[failed].error : 0;
    }
    if (error) {
        fail(conductor, doing, failed, error);
        return FAILED;
    }
    const double median_s = record(conductor, &order.cell, block);
    schedule_note(schedule, place, clock_now_s() - begin_s, median_s);
    return is_interrupted ? INTERRUPTED : GO_ON;
}

/* --- blocks --------------------------------------------------------------------------------- */

/* A launch under way. */
struct launch {
    const struct conductor *conductor;
    struct schedule *schedule;
    struct report *report;
    double budget_s;
    int n_planned; /* cells before any were added */
    int *places;   /* of the block */
    bool *is_done; /* cells that an earlier process has visited in the block that it was in */
};

static double left_s(const struct launch *launch)
{
    return launch->budget_s - launch->conductor->spent_s();
}

static bool is_same_visit(const struct raw_visit *a, const struct raw_visit *b)
{
    return a->cell == b->cell && a->block == b->block && a->launch == b->launch;
}

/* The mean of the medians of a visit's ranks, whose lines follow each other from number *i on,
 * which becomes that of the last. */
static double median_of_ranks(const struct raw *raw, int *i)
{
    const struct raw_visit *first = &raw->visits[*i];
    double sum_s = median_of(first->times_s, first->n);
    int n = 1;
    for (; *i + 1 < raw->n_visits && is_same_visit(first, &raw->visits[*i + 1]); (*i)++, n++)
        sum_s += median_of(raw->visits[*i + 1].times_s, raw->visits[*i + 1].n);
    return sum_s / n;
}

/* Of each cell of the file its place in the plan, from 1; 0: it is not planned. */
static int *places_of_cells(const struct raw *raw, const struct plan *plan)
{
    int *places = calloc((size_t)raw->n_cells + 1, sizeof *places);
    if (!places)
        abort();
    for (int i = 0; i < plan->n; i++)
        places[plan->cells[i].cell.number] = i + 1;
    return places;
}

/* Takes over what the file has of this launch. */
static void take_over(struct launch *launch)
{
    const struct raw *raw = recorder_raw(launch->conductor->recorder);
    const struct history *history = recorder_history(launch->conductor->recorder);
    if (!history->is_resumed)
        return;
    int *places = places_of_cells(raw, launch->conductor->plan);
    for (int i = 0; i < raw->n_visits; i++) {
        const struct raw_visit *done = &raw->visits[i];
        const int place = places[done->cell] - 1;
        const double median_s = median_of_ranks(raw, &i);
        if (done->launch != history->launch || place < 0)
            continue;
        schedule_note(launch->schedule, place, 0.0, median_s);
        if (done->block == history->block)
            launch->is_done[place] = true;
    }
    free(places);
}

/* What visits of rank 0 have to tell beside their times; other ranks have nothing. */
static void write_lines(struct recorder *recorder)
{
    json_t *lines = lines_take();
    recorder_lines(recorder, lines);
    json_decref(lines);
}

static enum outcome run_block(struct launch *launch, int block, int n)
{
    enum outcome outcome = GO_ON;
    for (int i = 0; i < n && outcome == GO_ON; i++) {
        const double expected_s = schedule_expected_s(launch->schedule, launch->places[i]);
        if (expected_s > left_s(launch) || launch->is_done[launch->places[i]])
            continue;
        if (recorder_write_if_due(launch->conductor->recorder, expected_s) != 0)
            return UNWRITABLE;
        outcome = lead(launch->conductor, launch->schedule, launch->places[i], block);
        report_visit(launch->report, block, i + 1, n, left_s(launch));
    }
    write_lines(launch->conductor->recorder);
    memset(launch->is_done, 0, (size_t)launch->conductor->plan->n * sizeof *launch->is_done);
    return outcome;
}

/* Adds cells where times jump. */
static void refine(struct launch *launch)
{
    struct plan *plan = launch->conductor->plan;
    const int n_before = plan->n;
    refine_plan(plan, launch->n_planned, launch->schedule);
    for (int i = n_before; i < plan->n; i++)
        plan->cells[i].cell.number =
            recorder_cell(launch->conductor->recorder, &plan->cells[i].cell);
    const size_t n = (size_t)plan->n;
    launch->places = reallocarray(launch->places, n + 1, sizeof *launch->places);
    launch->is_done = reallocarray(launch->is_done, n + 1, sizeof *launch->is_done);
    if (!launch->places || !launch->is_done)
        abort();
    memset(launch->is_done, 0, (n + 1) * sizeof *launch->is_done);
}

static int end(const struct launch *launch, const char *how, const char *reason, int status)
{
    const struct conductor *conductor = launch->conductor;
    struct order order = {.kind = ORDER_STOP};
    recorder_end(conductor->recorder, how, conductor->spent_s(), reason);
    watchdog_expect(conductor->watchdog, conductor->options->patience_s, false, "the end");
    crew_order(conductor->crew, &order);
    watchdog_rest(conductor->watchdog);
    report_end(launch->report, how, reason);
    return status;
}

/* How well the cells are known, in words. */
static void describe(const struct launch *launch, int block, char text[], size_t size)
{
    const double precision = launch->conductor->precision;
    const int n = launch->conductor->plan->n;
    const int n_unvisited = schedule_n_unvisited(launch->schedule);
    const int n_silent = schedule_n_silent(launch->schedule);
    if (n == 0) {
        snprintf(text, size, "no cells; --list tells which there are");
        return;
    }
    int length = snprintf(
        text, size, "%d blocks; the medians of %.0f %% of %d cells are known to %.0f %%", block,
        100.0 * schedule_converged(launch->schedule, precision), n, 100.0 * precision);
    if (n_unvisited > 0 && (size_t)length < size)
        length += snprintf(text + length, size - (size_t)length,
                           "; %d take too long for this budget", n_unvisited);
    if (n_silent > 0 && (size_t)length < size)
        snprintf(text + length, size - (size_t)length, "; %d could not be timed", n_silent);
}

static int run_blocks(struct launch *launch)
{
    const struct conductor *conductor = launch->conductor;
    const int n_least = n_blocks[conductor->options->thoroughness];
    char text[200];
    int block = recorder_history(conductor->recorder)->block;

    for (;; block++) {
        const bool is_enough = block >= n_least &&
                               schedule_converged(launch->schedule, conductor->precision) >= enough;
        const int n =
            is_enough ? 0 : schedule_block(launch->schedule, block, left_s(launch), launch->places);
        if (n == 0) {
            describe(launch, block, text, sizeof text);
            return end(launch, is_enough ? "converged" : "budget", text, EXIT_DONE);
        }
        const enum outcome outcome = run_block(launch, block, n);
        if (outcome == FAILED)
            return EXIT_OFF;
        if (outcome == UNWRITABLE)
            return end(launch, "failed", "the file cannot be written", EXIT_CANNOT_WRITE);
        if (outcome == INTERRUPTED)
            return end(launch, "interrupted", "asked to end", EXIT_INTERRUPTED);
        if (conductor->options->thoroughness == FULL && block + 1 >= blocks_to_refine)
            refine(launch);
    }
}

int conduct(const struct conductor *conductor)
{
    const struct history *history = recorder_history(conductor->recorder);
    const int n_least = n_blocks[conductor->options->thoroughness];
    const size_t n = (size_t)conductor->plan->n;
    struct launch launch = {
        .conductor = conductor,
        .schedule =
            schedule_new(conductor->plan, n_least, conductor->measure->seed, history->launch),
        .report = report_new(!conductor->options->is_quiet, history->block, n_least),
        .budget_s = conduct_budget_s(conductor->options->budget_s),
        .n_planned = conductor->plan->n,
        .places = calloc(n + 1, sizeof *launch.places),
        .is_done = calloc(n + 1, sizeof *launch.is_done),
    };
    if (!launch.places || !launch.is_done)
        abort();
    take_over(&launch);
    const int status = run_blocks(&launch);
    schedule_free(launch.schedule);
    report_free(launch.report);
    free(launch.places);
    free(launch.is_done);
    return status;
}
