/*
 * model.c - prints what the simulated HPL sends, with the lines of count.c: run rank sends sent_B
 * receives received_B. Each line on standard input is a run:
 *     n nb order p q pfact nbmin ndiv rfact broadcast depth swap threshold equilibration
 * with the numbers of HPL.dat. The pivots are those of HPL's matrix; with the argument "drawn",
 * those that the simulator draws.
 */
#include "tests/counter/rank_counter.h"
#include "tests/unit/hpl_matrix.h"

#include "sim/workload/hpl/hpl_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_NUMBERS = 14, MAX_LINE = 256 };

/* Returns false at the end of the input, or where a line has too few numbers. */
static bool read_numbers(long numbers[N_NUMBERS])
{
    char line[MAX_LINE];
    if (!fgets(line, sizeof line, stdin))
        return false;
    char *at = line;
    for (int i = 0; i < N_NUMBERS; i++) {
        char *end;
        numbers[i] = strtol(at, &end, 10);
        if (end == at)
            return false;
        at = end;
    }
    return true;
}

static bool read_run(struct hpl_spec *spec)
{
    long numbers[N_NUMBERS];
    if (!read_numbers(numbers))
        return false;
    spec->n = numbers[0];
    int *const counts[] = {&spec->nb,        &spec->order, &spec->p,    &spec->q,
                           &spec->pfact,     &spec->nbmin, &spec->ndiv, &spec->rfact,
                           &spec->broadcast, &spec->depth, &spec->swap, &spec->swap_threshold};
    for (int i = 0; i < N_NUMBERS - 2; i++)
        *counts[i] = (int)numbers[i + 1];
    spec->equilibration = numbers[N_NUMBERS - 1] != 0;
    return true;
}

static void print_run(int run, const struct counter *counter)
{
    for (int i = 0; i < counter->n_ranks; i++) {
        const struct rank_traffic *t = &counter->ranks[i].traffic;
        printf("%d %d %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", run, i, t->n_sends,
               t->sent_B, t->n_receives, t->received_B);
    }
}

static int count_run(int run, const struct hpl_spec *spec, const long *pivots)
{
    const struct counter_options options = {.sends_wait = false};
    struct program program;
    struct counter counter;

    int status = hpl_program_init(&program, spec, pivots);
    if (status != 0)
        return status;
    status = count_program(&program, program.n_ranks, &options, &counter);
    if (status == 0)
        print_run(run, &counter);
    counter_release(&counter);
    workload_hpl.program_free(&program);
    return status;
}

int main(int argc, char *argv[])
{
    const bool is_drawn = argc > 1 && strcmp(argv[1], "drawn") == 0;
    struct hpl_spec spec = {.n = 0};
    long known_n = 0;
    long *pivots = NULL;
    int status = 0;

    for (int run = 0; status == 0 && read_run(&spec); run++) {
        if (!is_drawn && spec.n != known_n) {
            free(pivots);
            pivots = calloc((size_t)spec.n, sizeof *pivots);
            known_n = spec.n;
            status = pivots ? hpl_matrix_pivots(spec.n, pivots) : -ENOMEM;
        }
        if (status == 0)
            status = count_run(run, &spec, pivots);
    }
    free(pivots);
    if (status != 0)
        fprintf(stderr, "model: %s\n", strerror(-status));
    return status == 0 ? 0 : 1;
}
