/*
 * model.c - prints what the simulated tests of HPCC send.
 *
 * usage: hpcc_traffic_model N NB P Q N_RANKS ALGORITHM    of HPL's input; ALGORITHM of
 * RandomAccess, 0: original, 1: sandia
 *
 * Lines: rank test call calls bytes, where test is its number in HPCC's order (count.c), the rings
 * after ping-pong being 16, and call is "send" for messages or as in MPI_Bcast.
 */
#include "tests/counter/rank_counter.h"

#include "sim/workload/hpcc/hpcc_parts.h"
#include "sim/workload/hpcc/random_access.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A test of HPCC and the workload that is simulated for it. */
struct case_of_test {
    int test;
    const struct workload *workload;
    const void *spec;
};

static void print_counts(int test, const struct counter *counter)
{
    for (int rank = 0; rank < counter->n_ranks; rank++) {
        const struct rank_count *count = &counter->ranks[rank];
        printf("%d %d send %" PRIu64 " %" PRIu64 "\n", rank, test, count->traffic.n_sends,
               count->traffic.sent_B);
        for (int kind = 0; kind < N_COLLECTIVE_KINDS; kind++)
            printf("%d %d %s %" PRIu64 " %" PRIu64 "\n", rank, test, collective_kind_names[kind],
                   count->collectives[kind].n_calls, count->collectives[kind].sent_B);
    }
}

static int count_case(const struct case_of_test *test, int n_ranks)
{
    const struct counter_options options = {.sends_wait = false};
    struct program program;
    struct counter counter;

    int status = test->workload->program_new(test->spec, n_ranks, &program);
    if (status < 0)
        return status;
    status = count_program(&program, n_ranks, &options, &counter);
    if (status == 0)
        print_counts(test->test, &counter);
    counter_release(&counter);
    test->workload->program_free(&program);
    return status;
}

static struct random_access_spec updates(const struct hpl_spec *hpl, enum ranks_at_work ranks,
                                         enum update_generator generator, int algorithm)
{
    return (struct random_access_spec){.ranks = ranks,
                                       .algorithm = (enum random_access_algorithm)algorithm,
                                       .generator = generator,
                                       .hpl_memory_B = (double)hpcc_process_memory_B(hpl),
                                       .time_bound_s = 60.0,
                                       .sample = LONG_MAX};
}

static int count_all(const struct hpcc_spec *spec, int n_ranks, int algorithm)
{
    const struct hpcc_parts parts = hpcc_parts_of(spec);
    const struct hpl_spec *hpl = &spec->hpl;
    const struct random_access_spec random_access[] = {
        updates(hpl, RANKS_MPI, UPDATES_LCG, algorithm),
        updates(hpl, RANKS_STAR, UPDATES_LCG, algorithm),
        updates(hpl, RANKS_MPI, UPDATES_POLYNOMIAL, algorithm),
        updates(hpl, RANKS_STAR, UPDATES_POLYNOMIAL, algorithm)};
    const struct case_of_test cases[] = {{1, &workload_random_access, &random_access[2]},
                                         {2, &workload_random_access, &random_access[3]},
                                         {4, &workload_random_access, &random_access[0]},
                                         {5, &workload_random_access, &random_access[1]},
                                         {7, &workload_ptrans, &parts.ptrans},
                                         {8, &workload_dgemm, &parts.star_dgemm},
                                         {10, &workload_stream, &parts.star_stream},
                                         {12, &workload_fft, &parts.mpi_fft},
                                         {13, &workload_fft, &parts.star_fft},
                                         {15, &workload_pingpong, &parts.pingpong},
                                         {16, &workload_ring, &parts.ring}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int status = count_case(&cases[i], n_ranks);
        if (status < 0)
            return status;
    }
    return 0;
}

int main(int argc, char *argv[])
{
    long numbers[6];

    if (argc != 7) {
        fprintf(stderr, "usage: hpcc_traffic_model N NB P Q N_RANKS ALGORITHM\n");
        return 64;
    }
    for (int i = 0; i < 6; i++)
        numbers[i] = strtol(argv[i + 1], NULL, 10);
    const struct hpcc_spec spec = {
        .hpl = {.n = numbers[0], .nb = (int)numbers[1], .p = (int)numbers[2], .q = (int)numbers[3]},
        .n_clients = INT_MAX,
        .seed = 1};
    const int status = count_all(&spec, (int)numbers[4], (int)numbers[5]);
    if (status < 0) {
        fprintf(stderr, "hpcc_traffic_model: %s\n", strerror(-status));
        return 70;
    }
    return 0;
}
