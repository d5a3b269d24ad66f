/*
 * The NPB kernels on grids: MG, LU, BT and SP.
 */
#include "sim/workload/npb/npb_multipartition.h"
#include "sim/workload/npb/npb_region.h"
#include "sim/workload/npb/npb_size.h"
#include "sim/workload/shared.h"
#include "tests/counter/rank_counter.h"

#include <gsl/gsl_test.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct npb_kernel *const kernels[] = {&npb_mg, &npb_lu, &npb_bt, &npb_sp};
enum { N_KERNELS = sizeof kernels / sizeof kernels[0] };
enum { EXTRA_ITERATIONS = 3 }; /* beside one: LU's last one differs */

/* --- what one iteration sends and computes -------------------------------------------------- */

struct volume {
    double n_messages, bytes;
    double flops; /* of all classes */
};

static struct volume volume_of(const struct counter *counter)
{
    struct volume sum = {0};

    for (int i = 0; i < counter->n_ranks; i++) {
        const struct rank_count *rank = &counter->ranks[i];
        sum.n_messages += (double)rank->traffic.n_sends;
        sum.bytes += (double)rank->traffic.sent_B;
        for (int class = 0; class < N_WORK_CLASS; class ++)
            sum.flops += rank->flops[class];
    }
    return sum;
}

/* Of a run with so many timed iterations, in which each message must be received. */
static struct volume volume_of_run(const struct npb_kernel *kernel, enum npb_class class,
                                   int n_ranks, int n_iterations, bool sends_wait)
{
    const struct npb_case problem = npb_case_of(kernel, class, n_iterations);
    const struct counter_options options = {.sends_wait = sends_wait};
    struct program program;
    struct counter counter;

    assert_true(kernel->runs_on(class, n_ranks));
    assert_int_equal(kernel->program_new(&problem, n_ranks, &program), 0);
    const int status = count_program(&program, n_ranks, &options, &counter);
    if (status != 0 || counter.n_left_over || counter.n_wrong_sizes)
        fail_msg("%s %s on %d ranks: status %d", kernel->name, npb_class_names[class], n_ranks,
                 status);
    const struct volume volume = volume_of(&counter);
    counter_release(&counter);
    program_free_plan(&program);
    return volume;
}

/* An iteration that is not the last. */
static struct volume volume_of_iteration(const struct npb_kernel *kernel, enum npb_class class,
                                         int n_ranks)
{
    const struct volume with = volume_of_run(kernel, class, n_ranks, 2 + EXTRA_ITERATIONS, false);
    const struct volume without = volume_of_run(kernel, class, n_ranks, 2, false);

    return (struct volume){.n_messages = (with.n_messages - without.n_messages) / EXTRA_ITERATIONS,
                           .bytes = (with.bytes - without.bytes) / EXTRA_ITERATIONS,
                           .flops = (with.flops - without.flops) / EXTRA_ITERATIONS};
}

/* --- messages ------------------------------------------------------------------------------- */

static void every_message_is_received(void **state)
{
    (void)state;
    for (int k = 0; k < N_KERNELS; k++)
        for (int class = NPB_S; class <= NPB_C; class ++)
            for (int n_ranks = 1; n_ranks <= 64; n_ranks++)
                if (kernels[k]->runs_on(class, n_ranks))
                    volume_of_run(kernels[k], class, n_ranks, 1, n_ranks % 2 == class % 2);
}

/*
 * Grid of R x C ranks: R + C - 2 cuts, each of (n - 2) x 5 numbers a plane and sweep, for n - 2
 * planes and 2 sweeps, and of two planes of 5 n^2 numbers each way.
 */
static void lu_sends_what_its_cuts_ask_for(void **state)
{
    (void)state;
    static const struct {
        int n_ranks, n_cuts;
    } grids[] = {{1, 0}, {2, 1}, {4, 2}, {6, 3}, {8, 4}, {9, 4}, {12, 5}, {16, 6}};

    for (int class = NPB_S; class <= NPB_B; class ++) {
        const double n = npb_lu_edge(class);
        const double cut_B = (2 * (n - 2) * (n - 2) + 2 * 2 * n * n) * 5 * 8;

        for (size_t i = 0; i < sizeof grids / sizeof grids[0]; i++) {
            const struct volume volume = volume_of_iteration(&npb_lu, class, grids[i].n_ranks);
            assert_true(volume.bytes == grids[i].n_cuts * cut_B);
        }
    }
}

/* Along each axis p - 1 cuts of n^2 points pass two layers of 5 numbers each way. */
static double copied_faces_B(double n, int p)
{
    return 3 * (p - 1) * n * n * 2 * 2 * 5 * 8;
}

/* And sweeps pass, through each of p^2 (p - 1) inner faces of an axis, a block and a vector
 * forward and a vector back for (floor(n / p) + 1)^2 lines. */
static void bt_sends_what_its_cells_ask_for(void **state)
{
    (void)state;
    for (int class = NPB_S; class <= NPB_B; class ++) {
        for (int p = 1; p <= 6 && npb_bt.runs_on(class, p * p); p++) {
            const double n = npb_bt_edge(class), edge = floor(n / p) + 1;
            const double swept_B = 3.0 * (p - 1) * p * p * edge * edge * (25 + 5 + 5) * 8;

            assert_true(volume_of_iteration(&npb_bt, class, p * p).bytes ==
                        copied_faces_B(n, p) + swept_B);
        }
    }
}

/* Of SP 22 numbers forward and 10 back, for the lines inside of the grid. */
static void sp_sends_what_its_cells_ask_for(void **state)
{
    (void)state;
    for (int class = NPB_S; class <= NPB_B; class ++) {
        for (int p = 1; p <= 6 && npb_sp.runs_on(class, p * p); p++) {
            const double n = npb_sp_edge(class);
            const double swept_B = 3.0 * (p - 1) * (n - 2) * (n - 2) * (22 + 10) * 8;

            assert_true(volume_of_iteration(&npb_sp, class, p * p).bytes ==
                        copied_faces_B(n, p) + swept_B);
        }
    }
}

/*
 * On 2 x 2 x 2 ranks each holds e^3 points of every level, and exchanges e^2, (e + 2) e and
 * (e + 2)^2 numbers with both neighbours along the axes: after restricting, smoothing and the
 * residual, which the coarsest level lacks; the finest has no restriction and two residuals.
 */
static void mg_on_a_cube_of_ranks_sends_all_faces_of_all_levels(void **state)
{
    (void)state;
    for (int class = NPB_S; class <= NPB_D; class ++) {
        double expected_B = 0.0, expected_messages = 0.0;
        for (int level = 1; level <= npb_mg_levels(class); level++) {
            const double e = ldexp(1.0, level - 1), n_exchanges = level == 1 ? 2 : 3;
            expected_B += 8 * n_exchanges * 2 * (e * e + (e + 2) * e + (e + 2) * (e + 2)) * 8;
            expected_messages += 8 * n_exchanges * 6;
        }
        const struct volume volume = volume_of_iteration(&npb_mg, class, 8);
        assert_true(volume.bytes == expected_B);
        assert_true(volume.n_messages == expected_messages);
    }
}

/*
 * On 4 x 4 x 4 ranks, level 1 has 2 points along each axis: 8 ranks hold one each. On the way up to
 * level 2, along each axis in turn, a rank that holds the coarser grid's point there gives two
 * messages to the next, which holds none: 32 of the 64 do along each axis.
 */
static void mg_ranks_without_points_are_given_some_on_the_way_up(void **state)
{
    (void)state;
    double expected = 8 * 2 * 6 + 3 * 32 * 2;

    for (int level = 2; level <= npb_mg_levels(NPB_W); level++)
        expected += 64 * 3 * 6;
    assert_true(volume_of_iteration(&npb_mg, NPB_W, 64).n_messages == expected);
}

/* What an iteration sends is surfaces. Lower terms make up to 5 % at these sizes. */
static void a_larger_class_sends_bytes_as_its_surfaces(void **state)
{
    (void)state;
    for (int k = 0; k < N_KERNELS; k++) {
        const int n_ranks = kernels[k] == &npb_bt || kernels[k] == &npb_sp ? 4 : 8;
        const double small_B = volume_of_iteration(kernels[k], NPB_B, n_ranks).bytes;
        const double large_B = volume_of_iteration(kernels[k], NPB_C, n_ranks).bytes;
        const double edges = kernels[k]->size(NPB_C).n[0] / kernels[k]->size(NPB_B).n[0];

        gsl_test_rel(large_B / small_B, edges * edges, 0.05, "%s", kernels[k]->name);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

/* --- computing -------------------------------------------------------------------------------- */

static void ranks_share_all_computing_and_no_more(void **state)
{
    (void)state;
    for (int k = 0; k < N_KERNELS; k++) {
        for (int class = NPB_S; class <= NPB_A; class ++) {
            const double alone = volume_of_iteration(kernels[k], class, 1).flops;
            for (int n_ranks = 2; n_ranks <= 64; n_ranks++)
                if (kernels[k]->runs_on(class, n_ranks))
                    gsl_test_rel(volume_of_iteration(kernels[k], class, n_ranks).flops, alone,
                                 1e-12, "%s %s on %d", kernels[k]->name, npb_class_names[class],
                                 n_ranks);
        }
    }
    assert_int_equal(gsl_test_summary(), 0);
}

/* The regions that npb_region.h counts, and nothing else, are computed in an iteration. */
static void an_iteration_computes_its_regions(void **state)
{
    (void)state;
    for (int k = 0; k < N_KERNELS; k++) {
        struct npb_region regions[NPB_MAX_REGIONS];
        const int n = npb_regions(kernels[k], NPB_A, regions);
        double expected = 0.0;

        for (int i = 0; i < n; i++)
            expected += regions[i].n_passes * regions[i].flops;
        gsl_test_rel(volume_of_iteration(kernels[k], NPB_A, 4).flops, expected, 1e-12, "%s",
                     kernels[k]->name);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

/* --- multi-partitioning ----------------------------------------------------------------------- */

static void every_slice_has_one_cell_of_every_rank(void **state)
{
    (void)state;
    for (int p = 1; p <= 5; p++) {
        const struct multipartition grid = {.n = 23, .p = p};

        for (int axis = 0; axis < N_AXES; axis++) {
            for (int slice = 0; slice < p; slice++) {
                bool is_taken[5][5] = {0};
                for (int rank = 0; rank < p * p; rank++) {
                    const struct cell cell = multipartition_cell(&grid, rank, axis, slice);
                    bool *place =
                        &is_taken[cell.place[(axis + 1) % N_AXES]][cell.place[(axis + 2) % N_AXES]];
                    assert_int_equal(cell.place[axis], slice);
                    assert_false(*place);
                    *place = true;
                }
            }
        }
    }
}

static void a_ranks_cells_have_all_their_next_cells_at_one_neighbour(void **state)
{
    (void)state;
    const struct multipartition grid = {.n = 23, .p = 5};

    for (int rank = 0; rank < 25; rank++) {
        for (int axis = 0; axis < N_AXES; axis++) {
            const int next = multipartition_neighbour(&grid, rank, axis, 1);
            assert_int_equal(multipartition_neighbour(&grid, next, axis, -1), rank);
            for (int slice = 0; slice + 1 < grid.p; slice++) {
                const struct cell mine = multipartition_cell(&grid, rank, axis, slice);
                const struct cell theirs = multipartition_cell(&grid, next, axis, slice + 1);
                for (int i = 0; i < N_AXES; i++)
                    assert_int_equal(theirs.place[i], mine.place[i] + (i == axis));
            }
        }
    }
}

/* --- rules ------------------------------------------------------------------------------------ */

/* NPB 3.3.1, setparams.c, subdomain.f and make_set.f. */
static void kernels_run_on_the_numbers_of_ranks_of_nas(void **state)
{
    (void)state;
    static const int lu_ranks[] = {1,  2,  4,  6,  8,  9,  12, 15, 16, 18, 20, 24, 25, 28, 30,
                                   32, 35, 36, 40, 42, 45, 48, 49, 50, 54, 56, 60, 63, 64, 0};
    const int *next_lu = lu_ranks;

    for (int n_ranks = 1; n_ranks <= 64; n_ranks++) {
        const bool is_square = sqrt(n_ranks) == floor(sqrt(n_ranks));
        assert_int_equal(npb_mg.runs_on(NPB_C, n_ranks), npb_is_power_of_two(n_ranks));
        assert_int_equal(npb_bt.runs_on(NPB_C, n_ranks), is_square);
        assert_int_equal(npb_sp.runs_on(NPB_C, n_ranks), is_square);
        assert_int_equal(npb_lu.runs_on(NPB_C, n_ranks), *next_lu == n_ranks);
        next_lu += *next_lu == n_ranks;
    }
    /* 12 points make no more than 4 pieces of 3. */
    for (int k = 1; k < N_KERNELS; k++) {
        assert_true(kernels[k]->runs_on(NPB_S, 16));
        assert_false(kernels[k]->runs_on(NPB_S, 25));
    }
}

/* Bytes of static data, as size(1) counts them in the real programs. They have scratch for lines of
 * the grid and tables of cells beside the arrays. */
static void memory_is_that_of_the_real_programs(void **state)
{
    (void)state;
    static const struct {
        const struct npb_kernel *kernel;
        enum npb_class class;
        int n_ranks;
        double static_B;
    } programs[] = {
        {&npb_mg, NPB_S, 8, 184544},  {&npb_lu, NPB_W, 2, 4580224}, {&npb_lu, NPB_A, 8, 7836064},
        {&npb_bt, NPB_W, 9, 1446896}, {&npb_sp, NPB_W, 9, 3210048},
    };

    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        const struct npb_kernel *kernel = programs[i].kernel;
        const struct npb_case problem = npb_case_of(kernel, programs[i].class, 0);
        const double memory_B = kernel->memory_B(&problem, programs[i].n_ranks);

        assert_true(memory_B <= programs[i].static_B);
        gsl_test_rel(memory_B, programs[i].static_B, 0.015, "%s %s", kernel->name,
                     npb_class_names[programs[i].class]);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_is_received),
        cmocka_unit_test(lu_sends_what_its_cuts_ask_for),
        cmocka_unit_test(bt_sends_what_its_cells_ask_for),
        cmocka_unit_test(sp_sends_what_its_cells_ask_for),
        cmocka_unit_test(mg_on_a_cube_of_ranks_sends_all_faces_of_all_levels),
        cmocka_unit_test(mg_ranks_without_points_are_given_some_on_the_way_up),
        cmocka_unit_test(a_larger_class_sends_bytes_as_its_surfaces),
        cmocka_unit_test(ranks_share_all_computing_and_no_more),
        cmocka_unit_test(an_iteration_computes_its_regions),
        cmocka_unit_test(every_slice_has_one_cell_of_every_rank),
        cmocka_unit_test(a_ranks_cells_have_all_their_next_cells_at_one_neighbour),
        cmocka_unit_test(kernels_run_on_the_numbers_of_ranks_of_nas),
        cmocka_unit_test(memory_is_that_of_the_real_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
