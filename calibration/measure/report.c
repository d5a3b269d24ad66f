#include "report.h"

#include "clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const double on_terminal_every_s = 0.2, in_log_every_s = 30.0;

struct report {
    bool is_wanted, is_terminal;
    int first_block, n_blocks;
    double said_s;  /* when last */
    double begin_s; /* of the launch */
};

struct report *report_new(bool is_wanted, int block, int n_blocks)
{
    struct report *report = calloc(1, sizeof *report);
    if (!report)
        abort();
    *report = (struct report){.is_wanted = is_wanted,
                              .is_terminal = isatty(STDERR_FILENO),
                              .first_block = block,
                              .n_blocks = n_blocks,
                              .begin_s = clock_now_s()};
    report->said_s = report->begin_s;
    return report;
}

void report_free(struct report *report)
{
    free(report);
}

void report_time(double seconds, char text[], size_t size)
{
    if (seconds < 99.5)
        snprintf(text, size, "%.0f s", fmax(seconds, 0.0));
    else if (seconds < 5940.0)
        snprintf(text, size, "%.0f min", seconds / 60.0);
    else
        snprintf(text, size, "%.1f h", seconds / 3600.0);
}

/* Until all blocks are done that there shall be at least, their pace tells more than the budget. */
static double expected_left_s(const struct report *report, int block, int n_done, int n,
                              double left_s)
{
    const double done = block + (double)n_done / n;
    const double pace_s = (clock_now_s() - report->begin_s) / (done - report->first_block);
    return fmin(left_s, fmax(report->n_blocks - done, 1.0 - (double)n_done / n) * pace_s);
}

void report_visit(struct report *report, int block, int n_done, int n, double left_s)
{
    const double now_s = clock_now_s();
    const double every_s = report->is_terminal ? on_terminal_every_s : in_log_every_s;
    char least[20], most[20];
    if (!report->is_wanted || now_s < report->said_s + every_s)
        return;
    report->said_s = now_s;
    report_time(expected_left_s(report, block, n_done, n, left_s), least, sizeof least);
    report_time(left_s, most, sizeof most);
    fprintf(stderr, "%sblock %d, %d of %d cells; %s left, at most %s%s",
            report->is_terminal ? "\r\033[K" : "", block + 1, n_done, n, least, most,
            report->is_terminal ? "" : "\n");
}

void report_end(struct report *report, const char *how, const char *reason)
{
    if (!report->is_wanted)
        return;
    fprintf(stderr, "%svhpc-measure: ended: %s (%s)\n", report->is_terminal ? "\r\033[K" : "", how,
            reason);
}

void report_cell(const struct raw_cell *cell, char text[CELL_TEXT_B])
{
    int length = snprintf(text, CELL_TEXT_B, "cell %d, %s", cell->number,
                          raw_operation_names[cell->operation]);
    if (cell->path != RAW_NOWHERE)
        length += snprintf(text + length, (size_t)(CELL_TEXT_B - length), " %s %s",
                           raw_path_names[cell->path], raw_load_names[cell->load]);
    if (cell->size_B > 0.0)
        length +=
            snprintf(text + length, (size_t)(CELL_TEXT_B - length), " of %.10g B", cell->size_B);
    snprintf(text + length, (size_t)(CELL_TEXT_B - length),
             cell->partner >= 0 ? ", ranks %d and %d" : ", rank %d", cell->rank, cell->partner);
}

/* A row of the table: cells, and what visiting them all once takes on a fast machine. */
static void print_row(const char *name, int n_cells, double visit_s, const char *help)
{
    printf("%-14s %6d %9.3g s  %s\n", name, n_cells, visit_s, help);
}

void report_plan(const struct measure *measure, const struct plan *plan)
{
    double sum_s = 0.0;
    printf("%-14s %6s %11s  %s\n", "operation", "cells", "a block", "what is timed");
    for (int i = 0; operations[i]; i++) {
        double visit_s = 0.0;
        int n = 0;
        for (int k = 0; k < plan->n; k++)
            if (plan->cells[k].cell.operation == operations[i]->kind) {
                visit_s += plan->cells[k].expected_s;
                n++;
            }
        print_row(raw_operation_names[operations[i]->kind], n, visit_s, operations[i]->help);
        sum_s += visit_s;
    }
    printf("%-14s %6s %11s  %s\n", "thresholds", "-", "-",
           "sizes from which messages wait for their receiver");
    for (int i = 0; surveys[i]; i++)
        printf("%-14s %6s %11s  %s\n", surveys[i]->name, "-", "-", surveys[i]->help);
    print_row("all", plan->n, sum_s, "");
    if (measure->n_ranks < 2)
        printf("One rank has nobody to send to: start more, as in mpirun -n 2.\n");
}
