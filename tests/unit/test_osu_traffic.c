/*
 * The simulated OSU micro-benchmarks send what the real ones send, rank by rank.
 */
#include "sim/config.h"
#include "sim/workload/micro/osu.h"
#include "tests/counter/rank_counter.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FACTS VHPCSIM_SOURCE_DIR "/tests/validation/osu-traffic/facts"

enum { MAX_LINE = 256 };

static const char *const names[N_OSU_TESTS] = {
    "latency", "bw",        "bibw",      "mbw_mr",   "multi_lat", "barrier", "bcast",
    "reduce",  "allreduce", "allgather", "alltoall", "gather",    "scatter"};

/* As the real ones were run: -i 5 -x 1, and collectives stop at 1 MiB. */
static struct osu_spec spec_of(const char *name)
{
    int test = 0;
    while (test < N_OSU_TESTS && strcmp(names[test], name) != 0)
        test++;
    assert_true(test < N_OSU_TESTS);
    return (struct osu_spec){.test = test,
                             .max_B = test < OSU_BARRIER ? 4194304.0 : 1048576.0,
                             .n_iterations = 5,
                             .n_warmup = 1,
                             .window = 64};
}

static struct counter count_run(const char *name, int n_ranks)
{
    const struct osu_spec spec = spec_of(name);
    const struct counter_options options = {0};
    struct program program;
    struct counter counter;

    assert_int_equal(workload_osu.program_new(&spec, n_ranks, &program), 0);
    assert_int_equal(count_program(&program, n_ranks, &options, &counter), 0);
    assert_int_equal(counter.n_wrong_sizes + counter.n_left_over, 0);
    workload_osu.program_free(&program);
    return counter;
}

/* The line of the facts, without its end. */
static void print_rank(const char *name, int rank, const struct counter *counter,
                       char line[MAX_LINE])
{
    const struct rank_count *count = &counter->ranks[rank];
    int n = snprintf(line, MAX_LINE, "%s %d %d %" PRIu64 " %" PRIu64 " %" PRIu64, name,
                     counter->n_ranks, rank, count->traffic.n_sends, count->traffic.sent_B,
                     count->traffic.n_receives);

    for (int kind = COLLECTIVE_BARRIER; kind <= COLLECTIVE_ALLTOALL; kind++)
        n += snprintf(line + n, MAX_LINE - (size_t)n, " %" PRIu64 " %" PRIu64,
                      count->collectives[kind].n_calls, count->collectives[kind].sent_B);
}

static void simulated_ranks_send_what_real_ones_send(void **state)
{
    (void)state;
    char fact[MAX_LINE], ours[MAX_LINE], name[16];
    struct counter counter = {0};
    int n_facts = 0;
    FILE *facts = fopen(FACTS, "r");
    assert_non_null(facts);

    for (; fgets(fact, sizeof fact, facts); n_facts++) {
        char *numbers;
        assert_int_equal(sscanf(fact, "%15s", name), 1);
        const int n_ranks = (int)strtol(fact + strlen(name), &numbers, 10);
        const int rank = (int)strtol(numbers, NULL, 10);
        if (rank == 0) {
            counter_release(&counter);
            counter = count_run(name, n_ranks);
        }
        if (!counter.ranks || rank >= counter.n_ranks)
            break; /* facts without a rank 0 before are too few in the end */
        print_rank(name, rank, &counter, ours);
        fact[strcspn(fact, "\n")] = '\0';
        assert_string_equal(ours, fact);
    }
    counter_release(&counter);
    fclose(facts);
    assert_int_equal(n_facts, 3 * 2 + 4 + 5 + 4 + 8 * (4 + 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simulated_ranks_send_what_real_ones_send),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
