#include "npb_traffic.h"

#include "sim/workload/shared.h"
#include "tests/counter/rank_counter.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Those that the programs of NPB use. */
static const int kinds[] = {COLLECTIVE_BARRIER,   COLLECTIVE_BCAST,    COLLECTIVE_REDUCE,
                            COLLECTIVE_ALLREDUCE, COLLECTIVE_ALLTOALL, COLLECTIVE_ALLTOALLV,
                            COLLECTIVE_SPLIT};

static int index_of(const char *name, const char *const names[])
{
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

bool npb_traffic_run_of(const char *line, struct npb_traffic_run *run)
{
    char kernel[8], class[8], ranks[8];

    if (sscanf(line, "%7s %7s %7s", kernel, class, ranks) != 3)
        return false;
    const int k = index_of(kernel, npb_kernel_names), c = index_of(class, npb_class_names);
    const long n_ranks = strtol(ranks, NULL, 10);
    if (k < 0 || c < 0 || n_ranks < 1)
        return false;
    *run = (struct npb_traffic_run){npb_kernels[k], (enum npb_class)c, (int)n_ranks};
    return true;
}

static void print_rank(const struct npb_traffic_run *run, const struct counter *counter, int rank,
                       FILE *out)
{
    const struct rank_count *count = &counter->ranks[rank];
    uint64_t destinations = 0;

    for (int to = 0; to < run->n_ranks; to++)
        destinations += counter->n_between[rank * run->n_ranks + to] * (uint64_t)to;
    fprintf(out, "%s %s %d %d %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64, run->kernel->name,
            npb_class_names[run->class], run->n_ranks, rank, count->traffic.n_sends,
            count->traffic.sent_B, destinations, count->traffic.n_receives);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        fprintf(out, " %" PRIu64 " %" PRIu64, count->collectives[kinds[i]].n_calls,
                count->collectives[kinds[i]].sent_B);
    fputc('\n', out);
}

int npb_traffic_print(const struct npb_traffic_run *run, FILE *out)
{
    const struct npb_case problem = npb_case_of(run->kernel, run->class, 0);
    const struct counter_options options = {0};
    struct program program;
    struct counter counter;

    int status = run->kernel->program_new(&problem, run->n_ranks, &program);
    if (status < 0)
        return status;
    status = count_program(&program, run->n_ranks, &options, &counter);
    if (status == 0 && counter.n_wrong_sizes + counter.n_left_over > 0)
        status = -EPROTO;
    for (int rank = 0; status == 0 && rank < run->n_ranks; rank++)
        print_rank(run, &counter, rank, out);
    counter_release(&counter);
    program_free_plan(&program);
    return status;
}
