/*
 * Patterns: their time worked by hand on a small cluster, their messages in closed form, and what
 * holds of every one of them.
 */
#include "benchmark.h"
#include "diagnosed.h"
#include "sim/workload/pattern/pattern.h"

#include <assert.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What benchmark.h says of its cluster. */
static const double send_s = 7.3e-6, recv_s = 9.1e-6, wire_s = 41e-6, wire_Bps = 118e6;

/* Time from a send to the end of its receive; an empty message takes as long as one byte. */
static double message_s(double size_B)
{
    return send_s + wire_s + fmax(size_B, 1.0) / wire_Bps + recv_s;
}

/* One run of the phases on as many single-core nodes as there are ranks. */
struct run {
    struct scenario *scenario;
    struct outcome outcome;
};

static void run_with(struct run *run, int n_ranks, const char *let, const char *phases)
{
    char *said = NULL;
    struct scenario *scenario = read_pattern(n_ranks, let, phases, &said);
    if (!scenario)
        fail_msg("%s", said);
    assert(scenario);
    free(said);
    const struct scenario cluster = benchmark_cluster(n_ranks, 1);
    run->scenario = scenario;
    run->outcome = benchmark_run(&cluster, &workload_pattern, scenario->workload_spec);
}

static void run_phases(struct run *run, int n_ranks, const char *phases)
{
    run_with(run, n_ranks, "", phases);
}

static double metric(const struct run *run, const char *name)
{
    return benchmark_metric(&workload_pattern, run->scenario->workload_spec, &run->outcome, name);
}

static void release(struct run *run)
{
    outcome_release(&run->outcome);
    scenario_free(run->scenario);
}

static double time_s(int n_ranks, const char *phases)
{
    struct run run;
    run_phases(&run, n_ranks, phases);
    const double found_s = metric(&run, "pattern_s");
    release(&run);
    return found_s;
}

static void expect_sends(int n_ranks, const char *phases, uint64_t n_messages, uint64_t size_B)
{
    struct run run;
    run_phases(&run, n_ranks, phases);
    uint64_t n_received = 0, received_B = 0;
    for (int i = 0; i < n_ranks; i++) {
        n_received += run.outcome.traffic[i].n_receives;
        received_B += run.outcome.traffic[i].received_B;
    }
    if (run.outcome.n_messages != n_messages || run.outcome.message_B != size_B)
        fail_msg("%s: %lu messages of %lu B, not %lu of %lu B", phases,
                 (unsigned long)run.outcome.n_messages, (unsigned long)run.outcome.message_B,
                 (unsigned long)n_messages, (unsigned long)size_B);
    assert_int_equal(n_received, n_messages);
    assert_int_equal(received_B, size_B);
    release(&run);
}

/* --- time ---------------------------------------------------------------------------------- */

/* 47.7 Mflop at 2.385 Gflop/s are 20 ms, on every rank. */
static void computing_takes_flops_over_rate(void **state)
{
    (void)state;
    gsl_test_rel(time_s(3, "{kind: compute, flops: 47.7 Mflop, class: dgemm}"), 0.02, 1e-12,
                 "compute");
    gsl_test_rel(time_s(3, "{kind: repeat, times: 7, phases: [{kind: sequence, phases: "
                           "[{kind: compute, flops: 47.7 Mflop, class: dgemm}]}]}"),
                 0.14, 1e-12, "seven times");
    assert_int_equal(gsl_test_summary(), 0);
}

/* All ranks send at once to the right and receive from the left, so each takes one message's time;
 * in both directions one after the other, two. */
static void a_ring_takes_one_message(void **state)
{
    (void)state;
    gsl_test_rel(time_s(5, "{kind: ring, size: 2 kB}"), message_s(2e3), 1e-9, "one way");
    gsl_test_rel(time_s(5, "{kind: ring, size: 2 kB, both_ways: true}"), 2 * message_s(2e3), 1e-9,
                 "both ways");
    assert_int_equal(gsl_test_summary(), 0);
}

/*
 * A line of 4 processes, 6 blocks of 2.385 Mflop: 1 ms each. The first wave reaches the last
 * process after 3 blocks and 3 messages of 500 B. From then on each process computes a block, and
 * pays for a receive and a send, while the next message is under way: a process in the middle sets
 * the pace with 1 ms + 9.1 us + 7.3 us a block, the last one finds its message there.
 */
static void a_pipeline_fills_before_it_flows(void **state)
{
    (void)state;
    const double block_s = 1e-3;
    const double filling_s = 3 * (block_s + message_s(500));
    const double pace_s = block_s + send_s + recv_s;
    gsl_test_rel(time_s(4, "{kind: pipeline, dimensions: 1, blocks: 6, size: 500 B, "
                           "flops: 2.385 Mflop, class: dgemm}"),
                 filling_s + 5 * pace_s + block_s, 1e-6, "six blocks");
    assert_int_equal(gsl_test_summary(), 0);
}

/* 30 equal tasks of 1 ms on 4 ranks: 8 rounds. Dealt cyclically or taken, the same; in blocks of
 * 7, 8, 7, 8 too. */
static void a_bag_of_equal_tasks_takes_whole_rounds(void **state)
{
    (void)state;
    static const char *const assignments[] = {"dynamic", "cyclic", "block"};
    for (int i = 0; i < 3; i++) {
        char phases[160];
        snprintf(phases, sizeof phases,
                 "{kind: bag, tasks: 30, assignment: %s, flops: 2.385 Mflop, class: dgemm}",
                 assignments[i]);
        gsl_test_rel(time_s(4, phases), 8e-3, 1e-9, "%s", assignments[i]);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

/*
 * One worker, 5 tasks of 1 ms one by one. A round is a request, the answer and the task: two
 * messages and 1 ms; and the last request is answered by the end: two messages more. The worker's
 * send CPU follows its task at once.
 */
static void a_farm_of_one_worker_is_worked_by_hand(void **state)
{
    (void)state;
    const double first_request_s = message_s(0), request_s = message_s(64);
    const double expected_s =
        first_request_s + 5 * (message_s(80) + 1e-3) + 5 * request_s + message_s(0);
    gsl_test_rel(time_s(2, "{kind: master_worker, tasks: 5, task_size: 80 B, result_size: 64 B, "
                           "flops: 2.385 Mflop, class: dgemm}"),
                 expected_s, 1e-6, "five tasks");
    assert_int_equal(gsl_test_summary(), 0);
}

/* Two ranks of a line exchange one face of 3 kB while they compute 1 ms: the exchange is hidden
 * but for what CPU it takes. */
static void overlapping_hides_the_exchange(void **state)
{
    (void)state;
    static const char apart[] = "{kind: halo2d, size: 3 kB, periodic: false, "
                                "flops: 2.385 Mflop, class: dgemm}";
    static const char together[] = "{kind: halo2d, size: 3 kB, periodic: false, overlap: true, "
                                   "flops: 2.385 Mflop, class: dgemm}";
    gsl_test_rel(time_s(2, apart), 1e-3 + message_s(3e3), 1e-9, "apart");
    gsl_test_rel(time_s(2, together), 1e-3 + send_s + recv_s, 1e-9, "together");
    assert_int_equal(gsl_test_summary(), 0);
}

/* --- messages --------------------------------------------------------------------------------- */

static void what_is_sent_is_known_in_closed_form(void **state)
{
    (void)state;
    /* 6 ranks are 3 x 2: periodic, each has 4 neighbours; with borders 2 x 2 + 3 x 1 edges. */
    expect_sends(6, "{kind: halo2d, size: 100 B}", 24, 2400);
    expect_sends(6, "{kind: halo2d, size: 100 B, periodic: false}", 14, 1400);
    /* 12 ranks are 3 x 2 x 2: 2 x 4 + 3 x 2 + 3 x 2 edges. */
    expect_sends(12, "{kind: halo3d, size: 100 B, periodic: false}", 40, 4000);
    expect_sends(12, "{kind: halo3d, size: 100 B}", 72, 7200);
    /* Along a dimension of one process there is nobody to send to. */
    expect_sends(5, "{kind: halo2d, size: 100 B}", 10, 1000);
    expect_sends(7, "{kind: ring, size: 30 B, both_ways: true}", 14, 420);
    expect_sends(1, "{kind: ring, size: 30 B}", 0, 0);
    /* 3 x 2: 2 x 2 + 3 x 1 edges, 5 blocks over each. */
    expect_sends(6, "{kind: pipeline, blocks: 5, size: 10 B}", 35, 350);
    expect_sends(6, "{kind: pipeline, blocks: 5, size: 10 B, dimensions: 1, reverse: true}", 25,
                 250);
    expect_sends(5, "{kind: bsp, steps: 3, partners: 2, size: 7 B}", 30, 210);
    /* 10 tasks in chunks of 4, 4, 2: as many answers, and one end for each of 3 workers; as many
     * requests. Tasks go out and results come back once. */
    expect_sends(4, "{kind: master_worker, tasks: 10, chunk: 4, task_size: 3 B, result_size: 5 B}",
                 12, 80);
    expect_sends(4, "{kind: bag, tasks: 10, flops: 1 Mflop}", 0, 0);
}

/* 6 ranks are 3 x 2 over 10 x 7 points: blocks of 4, 3, 3 by 4, 3. Along x, each of 3 columns'
 * ranks sends 2 faces of its own height, 3 x 2 x (4 + 3); along y 2 x 2 x (4 + 3 + 3). */
static void faces_follow_from_the_domain(void **state)
{
    (void)state;
    expect_sends(6, "{kind: halo2d, nx: 10, ny: 7, point: 8 B}", 24, (42 + 40) * 8);
    expect_sends(6, "{kind: halo2d, nx: 10, ny: 7, point: 8 B, width: 2}", 24, (42 + 40) * 16);
    /* 2 x 2 x 2 blocks of 3 x 2 x 5 points: two faces of each kind for each of 8 ranks. */
    expect_sends(8, "{kind: halo3d, nx: 6, ny: 4, nz: 10, point: 1 B}", 48, 16 * (10 + 15 + 6));
}

static void sizes_follow_from_variables_and_passes(void **state)
{
    (void)state;
    struct run run;
    run_with(&run, 3, "n: 60, part: n/p",
             "{kind: repeat, times: 4, phases: [{kind: ring, size: (part-i)*8 B}]}");
    assert_int_equal(run.outcome.n_messages, 12);
    assert_int_equal(run.outcome.message_B, 3 * 8 * (20 + 19 + 18 + 17));
    release(&run);
    /* i counts the innermost repetition, and starts anew in each of the outer's passes. */
    run_phases(&run, 2,
               "{kind: repeat, times: 3, phases: [{kind: ring, size: 100*i B}, "
               "{kind: repeat, times: 2, phases: [{kind: ring, size: i+1 B}]}]}");
    assert_int_equal(run.outcome.message_B, 2 * (0 + 100 + 200 + 3 * (1 + 2)));
    release(&run);
}

static void a_phase_of_collectives_is_a_call_on_every_rank(void **state)
{
    (void)state;
    struct run run;
    run_phases(&run, 4,
               "{kind: barrier}, {kind: bcast, size: 10 B, root: 3}, {kind: reduce, size: 10 B}, "
               "{kind: allreduce, size: 10 B}, {kind: gather, size: 10 B}, {kind: scatter, size: "
               "10 B}, {kind: allgather, size: 10 B}, {kind: alltoall, size: 10 B}");
    for (int i = 0; i < 4; i++)
        assert_int_equal(run.outcome.traffic[i].n_collectives, 8);
    assert_int_equal(run.outcome.n_messages, 0);
    release(&run);
}

/* --- what holds of all --------------------------------------------------------------------------
 */

static const char *const communicating[] = {
    "{kind: halo2d, size: 3 kB}",
    "{kind: halo3d, size: 3 kB, periodic: false}",
    "{kind: ring, size: 3 kB}",
    "{kind: pipeline, blocks: 4, size: 3 kB, flops: 100 kflop}",
    "{kind: alltoall, size: 3 kB}",
    "{kind: bsp, steps: 2, partners: 2, size: 3 kB, flops: 100 kflop}",
    "{kind: master_worker, tasks: 20, task_size: 3 kB, flops: 100 kflop}",
};
enum { N_COMMUNICATING = sizeof communicating / sizeof *communicating };

static double time_on(const struct scenario *cluster, const struct scenario *scenario)
{
    return benchmark(cluster, &workload_pattern, scenario->workload_spec, "pattern_s");
}

static void time_rises_with_latency_and_falls_with_bandwidth(void **state)
{
    (void)state;
    for (int i = 0; i < N_COMMUNICATING; i++) {
        char *said;
        struct scenario *scenario = read_pattern(6, "", communicating[i], &said);
        struct scenario cluster = benchmark_cluster(6, 1);
        const double base_s = time_on(&cluster, scenario);
        cluster.cluster.link.latency_s = parameter_exact(90e-6);
        const double late_s = time_on(&cluster, scenario);
        cluster = benchmark_cluster(6, 1);
        cluster.cluster.link.bandwidth_Bps = parameter_exact(47e6);
        const double slow_s = time_on(&cluster, scenario);
        if (!(late_s > base_s && slow_s > base_s))
            fail_msg("%s: %g s, %g s with more latency, %g s with less bandwidth", communicating[i],
                     base_s, late_s, slow_s);
        scenario_free(scenario);
        free(said);
    }
}

static void a_repetition_takes_as_long_as_the_same_written_out(void **state)
{
    (void)state;
    for (int i = 0; i < N_COMMUNICATING; i++) {
        char repeated[400], written[400];
        snprintf(repeated, sizeof repeated, "{kind: repeat, times: 3, phases: [%s]}",
                 communicating[i]);
        snprintf(written, sizeof written, "%s, %s, %s", communicating[i], communicating[i],
                 communicating[i]);
        assert_true(time_s(6, repeated) == time_s(6, written));
    }
}

/* The mean of the slowest of n exponential times is the n-th harmonic number of their mean. */
static void uneven_steps_take_as_long_as_the_slowest_rank(void **state)
{
    (void)state;
    const double mean_s = 1e-3;
    const double harmonic = 1.0 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4 + 1.0 / 5 + 1.0 / 6;
    static const char even[] = "{kind: bsp, steps: 400, flops: 2.385 Mflop, class: dgemm}";
    static const char uneven[] = "{kind: bsp, steps: 400, flops: 2.385 Mflop, class: dgemm, "
                                 "distribution: exponential, variation: 1}";
    const double extra_s = (time_s(6, uneven) - time_s(6, even)) / 400;
    /* The slowest rank's time deviates by 1.22 means; over 400 steps by 6 % of one. */
    gsl_test_rel(extra_s, (harmonic - 1.0) * mean_s, 0.12, "slowest of six");
    assert_int_equal(gsl_test_summary(), 0);
}

static void persistent_imbalance_does_not_even_out(void **state)
{
    (void)state;
    struct run once, always;
    run_phases(&once, 6, "{kind: bsp, steps: 100, flops: 1 Mflop, class: dgemm, variation: 0.4}");
    run_phases(&always, 6,
               "{kind: bsp, steps: 100, flops: 1 Mflop, class: dgemm, variation: 0.4, "
               "persistent: true}");
    assert_true(metric(&once, "pattern_imbalance") < 12.0);
    assert_true(metric(&always, "pattern_imbalance") > 15.0);
    release(&once);
    release(&always);
}

static void taking_uneven_tasks_beats_dealing_them(void **state)
{
    (void)state;
    static const char dynamic[] = "{kind: bag, tasks: 60, flops: 3 Mflop, variation: 1}";
    static const char block[] = "{kind: bag, tasks: 60, flops: 3 Mflop, variation: 1, "
                                "assignment: block}";
    struct run taken, dealt;
    run_phases(&taken, 5, dynamic);
    run_phases(&dealt, 5, block);
    assert_true(metric(&taken, "pattern_s") < metric(&dealt, "pattern_s"));
    /* The same tasks, whoever does them. */
    gsl_test_rel(taken.outcome.layer_s[LAYER_COMPUTE], dealt.outcome.layer_s[LAYER_COMPUTE], 1e-12,
                 "work in all");
    assert_int_equal(gsl_test_summary(), 0);
    release(&taken);
    release(&dealt);
}

/* What comes between two bags must not mix up their numbers. */
static void bags_and_farms_follow_each_other_without_a_barrier(void **state)
{
    (void)state;
    struct run run;
    run_phases(&run, 4,
               "{kind: repeat, times: 5, phases: ["
               "{kind: bag, tasks: 7, flops: 3 Mflop, variation: 1}, "
               "{kind: master_worker, tasks: 6, flops: 2 Mflop, variation: 1}]}");
    assert_int_equal(run.outcome.n_messages, 5 * 2 * (6 + 3));
    release(&run);
}

static void times_of_names_add_up(void **state)
{
    (void)state;
    struct run run;
    run_phases(&run, 4,
               "{kind: repeat, times: 3, name: all, phases: ["
               "{kind: ring, size: 1 kB, name: talk}, "
               "{kind: compute, flops: 4 Mflop, name: think}, {kind: barrier, name: talk}]}");
    gsl_test_rel(metric(&run, "phase_talk_s") + metric(&run, "phase_think_s"),
                 metric(&run, "phase_all_s"), 1e-12, "parts and whole");
    const double share = 1.0 - metric(&run, "phase_think_s") / metric(&run, "phase_all_s");
    gsl_test_rel(metric(&run, "pattern_communication"), 100.0 * share, 1e-9, "communication");
    assert_int_equal(gsl_test_summary(), 0);
    release(&run);
}

static void another_seed_draws_other_work_and_the_same_one_the_same(void **state)
{
    (void)state;
    char *said;
    struct scenario *scenario =
        read_pattern(4, "", "{kind: bsp, steps: 3, flops: 1 Mflop, variation: 0.5}", &said);
    const struct scenario cluster = benchmark_cluster(4, 1);
    const double first_s = time_on(&cluster, scenario);
    assert_true(time_on(&cluster, scenario) == first_s);
    ((struct pattern_spec *)scenario->workload_spec)->seed = 2;
    assert_true(time_on(&cluster, scenario) != first_s);
    scenario_free(scenario);
    free(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(computing_takes_flops_over_rate),
        cmocka_unit_test(a_ring_takes_one_message),
        cmocka_unit_test(a_pipeline_fills_before_it_flows),
        cmocka_unit_test(a_bag_of_equal_tasks_takes_whole_rounds),
        cmocka_unit_test(a_farm_of_one_worker_is_worked_by_hand),
        cmocka_unit_test(overlapping_hides_the_exchange),
        cmocka_unit_test(what_is_sent_is_known_in_closed_form),
        cmocka_unit_test(faces_follow_from_the_domain),
        cmocka_unit_test(sizes_follow_from_variables_and_passes),
        cmocka_unit_test(a_phase_of_collectives_is_a_call_on_every_rank),
        cmocka_unit_test(time_rises_with_latency_and_falls_with_bandwidth),
        cmocka_unit_test(a_repetition_takes_as_long_as_the_same_written_out),
        cmocka_unit_test(uneven_steps_take_as_long_as_the_slowest_rank),
        cmocka_unit_test(persistent_imbalance_does_not_even_out),
        cmocka_unit_test(taking_uneven_tasks_beats_dealing_them),
        cmocka_unit_test(bags_and_farms_follow_each_other_without_a_barrier),
        cmocka_unit_test(times_of_names_add_up),
        cmocka_unit_test(another_seed_draws_other_work_and_the_same_one_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
