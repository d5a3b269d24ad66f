/* Patterns before they run: the walk, grids, uneven work, and limits. */
#include "diagnosed.h"
#include "sim/input/scenario.h"
#include "sim/workload/pattern/grid.h"
#include "sim/workload/pattern/plan.h"
#include "sim/workload/pattern/work.h"
#include "sim/workload/workload.h"

#include <gsl/gsl_test.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect_refused(int n_ranks, const char *phases, const char *expected)
{
    char *said;
    struct scenario *scenario = read_pattern(n_ranks, "", phases, &said);
    assert_null(scenario);
    if (!strstr(said, expected))
        fail_msg("%s: expected \"%s\", got \"%s\"", phases, expected, said);
    free(said);
}

/* --- the walk ------------------------------------------------------------------------------ */

/* What a walk through the tree itself passes: the oracle. */
struct trail {
    int n;
    struct pattern_step steps[200];
};

static void follow(const struct pattern_plan *plan, int node, long pass, struct trail *trail)
{
    const struct pattern_node *at = &plan->nodes[node];
    if (node > 0 && !at->kind->is_compound) {
        assert_true(trail->n < 200);
        trail->steps[trail->n++] = (struct pattern_step){node, pass};
        return;
    }
    for (long i = 0; i < at->times; i++)
        for (int inner = node + 1; inner < at->end; inner = plan->nodes[inner].end)
            follow(plan, inner, at->counts ? i : pass, trail);
}

static void a_step_is_found_by_its_number(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "{kind: barrier}",
        "{kind: repeat, times: 7, phases: [{kind: barrier}]}",
        "{kind: barrier}, {kind: sequence, phases: [{kind: barrier}, {kind: barrier}]}",
        "{kind: repeat, times: 3, phases: [{kind: barrier}, {kind: repeat, times: 4, phases: "
        "[{kind: barrier}, {kind: sequence, phases: [{kind: barrier}]}]}, {kind: barrier}]}, "
        "{kind: barrier}",
        "{kind: repeat, times: 2, phases: [{kind: repeat, times: 2, phases: [{kind: repeat, "
        "times: 2, phases: [{kind: barrier}]}, {kind: barrier}]}]}",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *said;
        struct pattern_plan plan;
        struct trail trail = {0};
        struct scenario *scenario = read_pattern(3, "", cases[i], &said);
        assert_int_equal(pattern_plan_init(&plan, scenario->workload_spec, 3, NULL, NULL), 0);
        follow(&plan, 0, 0, &trail);
        assert_int_equal(plan.nodes[0].n_steps, trail.n);
        for (int step = 0; step < trail.n; step++) {
            const struct pattern_step found = pattern_plan_step(&plan, step);
            assert_int_equal(found.node, trail.steps[step].node);
            assert_int_equal(found.pass, trail.steps[step].pass);
        }
        pattern_plan_release(&plan);
        scenario_free(scenario);
        free(said);
    }
}

static bool uses_disk(const char *phases)
{
    char *said;
    struct scenario *scenario = read_pattern(3, "", phases, &said);
    if (!scenario)
        fail_msg("%s: %s", phases, said);
    const bool uses = scenario && scenario->workload->uses_disk(scenario->workload_spec);
    scenario_free(scenario);
    free(said);
    return uses;
}

static void a_pattern_uses_disks_where_one_of_its_phases_does(void **state)
{
    (void)state;
    static const char io[] =
        "{kind: repeat, times: 2, phases: [{kind: barrier}, {kind: sequence, phases: [{kind: io, "
        "operation: write, size: 1 MiB}]}]}, {kind: barrier}";
    assert_true(uses_disk(io));
    assert_false(uses_disk("{kind: repeat, times: 2, phases: [{kind: barrier}]}"));
}

/* --- grids ------------------------------------------------------------------------------------ */

static void grids_have_all_ranks_and_are_as_even_as_can_be(void **state)
{
    (void)state;
    static const struct {
        int n_ranks, extent[3];
    } boxes[] = {{1, {1, 1, 1}},  {7, {7, 1, 1}},  {8, {2, 2, 2}},   {12, {3, 2, 2}},
                 {36, {4, 3, 3}}, {64, {4, 4, 4}}, {100, {5, 5, 4}}, {1024, {16, 8, 8}}};
    for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
        const struct process_grid grid = grid_choose(boxes[i].n_ranks, 3);
        assert_memory_equal(grid.extent, boxes[i].extent, sizeof grid.extent);
    }
    for (int n = 1; n < 300; n++) {
        const struct process_grid flat = grid_choose(n, 2), box = grid_choose(n, 3);
        assert_int_equal(flat.extent[0] * flat.extent[1], n);
        assert_int_equal(box.extent[0] * box.extent[1] * box.extent[2], n);
        assert_true(flat.extent[0] >= flat.extent[1]);
        assert_true(box.extent[0] >= box.extent[1] && box.extent[1] >= box.extent[2]);
    }
}

static void my_neighbours_neighbour_is_me(void **state)
{
    (void)state;
    for (int n = 1; n <= 60; n++) {
        const struct process_grid grid = grid_choose(n, 3);
        for (int rank = 0; rank < n; rank++)
            for (int d = 0; d < 3; d++) {
                const int up = grid_neighbour(&grid, rank, d, 1, true);
                assert_int_equal(grid_neighbour(&grid, up, d, -1, true), rank);
                const int edge = grid_neighbour(&grid, rank, d, 1, false);
                const bool is_last = grid_coordinate(&grid, rank, d) == grid.extent[d] - 1;
                assert_int_equal(edge, is_last ? GRID_NOBODY : up);
            }
    }
}

/* --- uneven work -------------------------------------------------------------------------------
 */

/* Mean and deviation over the middles of many equal parts of the uniform numbers. */
static void factors_have_mean_1_and_the_variation_asked_for(void **state)
{
    (void)state;
    enum { N = 200000 };
    for (int spread = SPREAD_LOGNORMAL; spread <= SPREAD_EXPONENTIAL; spread++)
        for (double variation = 0.1; variation < 0.55; variation += 0.2) {
            double sum = 0.0, squares = 0.0, last = 0.0;
            for (int i = 0; i < N; i++) {
                const double factor = spread_factor((enum spread)spread, variation, (i + 0.5) / N);
                assert_true(factor > last);
                sum += factor;
                squares += factor * factor;
                last = factor;
            }
            gsl_test_rel(sum / N, 1.0, 1e-4, "mean, %s", spread_names[spread]);
            gsl_test_rel(sqrt(squares / N - sum / N * sum / N), variation, 1e-3, "variation, %s",
                         spread_names[spread]);
        }
    assert_int_equal(gsl_test_summary(), 0);
}

/* --- limits -------------------------------------------------------------------------------------
 */

static void absurd_patterns_are_refused_before_they_run(void **state)
{
    (void)state;
    expect_refused(4, "{kind: repeat, times: 1e12, phases: [{kind: barrier}]}",
                   "1e12 is out of range: times must be from 1 to 1000000000");
    expect_refused(4, "{kind: repeat, times: 1e9, phases: [{kind: barrier}]}",
                   "all ranks together would make 1.2e+10 messages");
    expect_refused(4,
                   "{kind: repeat, times: 1e9, phases: [{kind: repeat, times: 1e9, phases: "
                   "[{kind: repeat, times: 1e9, phases: [{kind: barrier}]}]}]}",
                   "all ranks together would make 1.2e+28 messages");
    expect_refused(4, "{kind: repeat, times: 1e8, phases: [{kind: ring, size: i B}]}",
                   "expressions with i would take 1e+08 values");
    expect_refused(4, "{kind: bag, tasks: 1e9, flops: 1 flop}, {kind: barrier}",
                   "all ranks together would make 1000000016 messages");
    expect_refused(4, "{kind: alltoall, size: 3 GB}", "3 GB is out of range");
    expect_refused(4, "{kind: alltoall, size: 3^p GB}", "size is 81 GB with p = 4");
    expect_refused(4, "{kind: compute, flops: 10^25 flop}", "flops is 1e+13 Tflop with p = 4");
    expect_refused(4, "{kind: compute, flops: p^999 flop}", "flops is infinite with p = 4");
    expect_refused(4, "{kind: io, size: 1e15 B, record: 512 B, order: random}",
                   "would use their disks for");
    expect_refused(2, "{kind: master_worker, tasks: 9, chunk: 1000, task_size: 1 GB}",
                   "the 1000 tasks of a chunk make a message of 1e+03 GB");
}

static void what_does_not_fit_the_ranks_is_refused_at_its_phase(void **state)
{
    (void)state;
    expect_refused(6, "{kind: halo2d, size: 1 B, grid: [2, 2]}",
                   "a grid of 2 x 2 has 4 processes, the scenario 6 ranks");
    expect_refused(6, "{kind: halo3d, size: 1 B, grid: [2, 3]}",
                   "a grid of 3 dimensions has 3 numbers");
    expect_refused(6, "{kind: pipeline, dimensions: 1, size: 1 B, grid: [4]}",
                   "a grid of 4 has 4 processes");
    expect_refused(6, "{kind: halo2d}", "a halo exchange needs size, or nx and ny");
    expect_refused(6, "{kind: halo3d, nx: 9, ny: 9}",
                   "a halo exchange needs size, or nx, ny and nz");
    expect_refused(6, "{kind: halo2d, nx: 2, ny: 9}",
                   "2 points along x are fewer than the 3 processes");
    expect_refused(6, "{kind: bcast, size: 1 B, root: 6}", "rank 6 is none of the scenario's");
    expect_refused(1, "{kind: master_worker, tasks: 3}", "a master needs workers");
    expect_refused(6, "{kind: bsp, partners: 6}", "a rank cannot have 6 partners");
    expect_refused(6, "{kind: compute, variation: 0.7, distribution: uniform}",
                   "work with uniform distribution varies by at most 0.577");
    expect_refused(6, "{kind: barrier, name: A-b}", "a name is a word of at most 22");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_found_by_its_number),
        cmocka_unit_test(a_pattern_uses_disks_where_one_of_its_phases_does),
        cmocka_unit_test(grids_have_all_ranks_and_are_as_even_as_can_be),
        cmocka_unit_test(my_neighbours_neighbour_is_me),
        cmocka_unit_test(factors_have_mean_1_and_the_variation_asked_for),
        cmocka_unit_test(absurd_patterns_are_refused_before_they_run),
        cmocka_unit_test(what_does_not_fit_the_ranks_is_refused_at_its_phase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
