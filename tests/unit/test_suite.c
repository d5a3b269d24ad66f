/*
 * A suite: parts that run one after the other, each as if it were alone.
 */
#include "engine_run.h"
#include "toy_cluster.h"

#include "sim/engine/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

enum { PART_SLOTS = 3 };

/* SimGrid rounds times to a nanosecond. */
static const double TIMING = 1e-6;

static void stream(struct rank *rank, void *argument)
{
    const struct work work = work_of(WORK_MEMORY, 0.0, *(const double *)argument);
    const double start_s = rank_time_s(rank);

    rank_barrier(rank, rank_world(rank));
    rank_compute(rank, &work);
    rank_record(rank, 1, rank_time_s(rank) - start_s);
    rank_record(rank, 2, comm_size(rank_world(rank)));
}

/* Runs parts for so many ranks each, of which each streams `bytes`, on two nodes of two cores. */
static struct outcome run_parts(int n_parts, const int n_ranks[], double bytes)
{
    struct platform platform = toy_native(2, 2);
    struct toy_program toys[4];
    struct program parts[4];
    struct outcome outcome = {0};
    const struct engine_options options = {.keep_traffic = true};
    char error[256] = "";

    for (int i = 0; i < n_parts; i++) {
        toy_program_init(&toys[i], n_ranks[i], stream, &bytes);
        parts[i] = toys[i].program;
    }
    const struct program suite = program_suite(n_parts, parts, PART_SLOTS);
    if (engine_run(engines[0], &platform, &suite, &options, &outcome, error, sizeof error) != 0)
        fail_msg("%s", error);
    platform_release(&platform);
    return outcome;
}

/* One rank has 4 GB/s, two of a node share 6 GB/s: 1.7 GB take 0.425 s alone and 0.5667 s beside
 * another. */
static void a_parts_ranks_are_the_world_and_share_nodes_among_themselves(void **state)
{
    (void)state;
    const int n_ranks[] = {4, 1, 3, 4};
    const double seconds[][2] = {
        {1.7 / 3.0, 1.7 / 3.0}, {0.425, 0.425}, {0.425, 1.7 / 3.0}, {1.7 / 3.0, 1.7 / 3.0}};
    struct outcome outcome = run_parts(4, n_ranks, 1.7e9);

    for (int i = 0; i < 4; i++) {
        struct outcome part;
        program_part_outcome(&outcome, PART_SLOTS, i, &part);
        assert_int_equal(part.n_ranks, n_ranks[i]);
        assert_null(part.traffic);
        assert_int_equal(part.records[0].n, 0);
        assert_int_equal(part.records[1].n, n_ranks[i]);
        assert_int_equal(part.records[PART_SLOTS].n, 0);
        assert_true(part.records[2].min == n_ranks[i] && part.records[2].max == n_ranks[i]);
        gsl_test_rel(part.records[1].min, seconds[i][0], 1e-3, "fastest of part %d", i);
        gsl_test_rel(part.records[1].max, seconds[i][1], 1e-3, "slowest of part %d", i);
        gsl_test_rel(part.elapsed_s, part.records[1].max, 1e-3, "part %d", i);
    }
    outcome_release(&outcome);
    assert_int_equal(gsl_test_summary(), 0);
}

static void the_suite_takes_the_time_of_its_parts_and_of_the_barriers_between(void **state)
{
    (void)state;
    const int n_ranks[] = {2, 4};
    struct outcome outcome = run_parts(2, n_ranks, 2.3e9);
    struct outcome first, second;

    program_part_outcome(&outcome, PART_SLOTS, 0, &first);
    program_part_outcome(&outcome, PART_SLOTS, 1, &second);
    assert_true(outcome.elapsed_s > first.elapsed_s + second.elapsed_s);
    assert_true(outcome.elapsed_s < first.elapsed_s + second.elapsed_s + 2e-3);
    gsl_test_rel(outcome.layer_s[LAYER_COMPUTE], (2 * 2.3 / 3.0 + 4 * 2.3 / 3.0) / 4.0, TIMING,
                 "compute of a rank");
    assert_int_equal(outcome.traffic[0].n_collectives, 4);
    assert_int_equal(outcome.traffic[3].n_collectives, 3);
    outcome_release(&outcome);
    assert_int_equal(gsl_test_summary(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parts_ranks_are_the_world_and_share_nodes_among_themselves),
        cmocka_unit_test(the_suite_takes_the_time_of_its_parts_and_of_the_barriers_between),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
