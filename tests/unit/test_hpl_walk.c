/*
 * HPL as a whole: every rank's walk ends, every message is received, and the work is HPL's.
 */
#include "hpl_small.h"
#include "tests/counter/rank_counter.h"

#include "models/random.h"
#include "sim/workload/hpl/hpl_parts.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* A few operations in double precision. */
static const double ROUNDING = 1e-14;

/* Walks the whole program; every message must have come, in the size that was expected. */
static struct counter count_spec(const struct hpl_spec *spec, const struct counter_options *options)
{
    struct program program;
    struct counter counter;

    assert_int_equal(hpl_program_init(&program, spec, NULL), 0);
    assert_int_equal(count_program(&program, program.n_ranks, options, &counter), 0);
    assert_int_equal(counter.n_wrong_sizes, 0);
    assert_int_equal(counter.n_left_over, 0);
    workload_hpl.program_free(&program);
    return counter;
}

static double total_flops(const struct counter *counter)
{
    double flops = 0.0;
    for (int i = 0; i < counter->n_ranks; i++)
        for (int class = 0; class < N_WORK_CLASS; class ++)
            flops += counter->ranks[i].flops[class];
    return flops;
}

static const struct {
    int p, q;
} grids[] = {{1, 1}, {1, 2}, {2, 1}, {2, 2}, {3, 1}, {1, 5},
             {3, 2}, {2, 3}, {5, 2}, {7, 3}, {9, 1}};
enum { N_GRIDS = sizeof grids / sizeof grids[0] };

static void all_messages_are_received(void **state)
{
    (void)state;
    const struct counter_options eager = {.sends_wait = false}, rendezvous = {.sends_wait = true};
    for (int g = 0; g < N_GRIDS; g++)
        for (int broadcast = HPL_1RING; broadcast <= HPL_LONG_MODIFIED; broadcast++)
            for (int depth = 0; depth < 4; depth++) {
                struct hpl_spec spec = hpl_small_spec(grids[g].p, grids[g].q);
                spec.broadcast = broadcast;
                spec.depth = depth;
                spec.swap = (broadcast + depth) % 3;
                spec.equilibration = depth != 2;
                struct counter one = count_spec(&spec, &eager);
                struct counter other = count_spec(&spec, &rendezvous);
                const size_t n_pairs = (size_t)one.n_ranks * (size_t)one.n_ranks;
                assert_memory_equal(one.n_between, other.n_between, n_pairs * sizeof(uint64_t));
                counter_release(&one);
                counter_release(&other);
            }
}

/* N by NB, down to one unknown and to panels of one column. */
static const struct {
    long n;
    int nb;
} sizes[] = {{1, 1}, {1, 12}, {2, 1}, {7, 3}, {11, 12}, {12, 12}, {13, 12}, {25, 12}, {40, 7}};
enum { N_SIZES = sizeof sizes / sizeof sizes[0] };

static int one_of(struct random_stream *stream, int n)
{
    return (int)(random_uniform(stream) * n);
}

/* Each of the other choices at an extreme or at its default. */
static void set_extremes(struct hpl_spec *spec, struct random_stream *stream)
{
    const int widths[] = {1, 4, HPL_MAX_NB};
    const int parts[] = {2, 3, HPL_MAX_NB};
    spec->order = one_of(stream, 2);
    spec->swap = one_of(stream, 3);
    spec->swap_threshold = one_of(stream, 2) == 0 ? 0 : 1000000000;
    spec->equilibration = one_of(stream, 2) == 0;
    spec->nbmin = widths[one_of(stream, 3)];
    spec->ndiv = parts[one_of(stream, 3)];
    spec->pfact = one_of(stream, 3);
    spec->rfact = one_of(stream, 3);
}

/* count_spec() fails where ranks wait for ever or a message is left. */
static void walk_extreme(struct hpl_spec *spec, struct random_stream *stream)
{
    const struct counter_options options = {.sends_wait = one_of(stream, 2) == 0,
                                            .probes_are_shy = one_of(stream, 2) == 0};
    set_extremes(spec, stream);
    if (spec->depth > (spec->n + spec->nb - 1) / spec->nb)
        return;
    struct counter counter = count_spec(spec, &options);
    counter_release(&counter);
}

static void extremes_end_with_all_messages_received(void **state)
{
    struct random_stream stream = random_stream_for(1, "extremes", 0);
    (void)state;
    for (int g = 0; g < N_GRIDS; g++)
        for (int i = 0; i < N_SIZES; i++)
            for (int broadcast = HPL_1RING; broadcast <= HPL_LONG_MODIFIED; broadcast++)
                for (int depth = 0; depth < 4; depth++) {
                    struct hpl_spec spec = hpl_small_spec(grids[g].p, grids[g].q);
                    spec.n = sizes[i].n;
                    spec.nb = sizes[i].nb;
                    spec.broadcast = broadcast;
                    spec.depth = depth;
                    walk_extreme(&spec, &stream);
                }
}

/* Whether a probe finds a panel is a matter of time; what is sent is not. */
static void polling_changes_no_message_and_no_work(void **state)
{
    (void)state;
    const struct counter_options sharp = {.probes_are_shy = false}, shy = {.probes_are_shy = true};
    for (int g = 0; g < N_GRIDS; g++) {
        const struct hpl_spec spec = hpl_small_spec(grids[g].p, grids[g].q);
        struct counter one = count_spec(&spec, &sharp), other = count_spec(&spec, &shy);
        for (int i = 0; i < one.n_ranks; i++)
            assert_memory_equal(&one.ranks[i].traffic, &other.ranks[i].traffic,
                                sizeof(struct rank_traffic));
        gsl_test_rel(total_flops(&other), total_flops(&one), ROUNDING, "flops on %d x %d", spec.p,
                     spec.q);
        counter_release(&one);
        counter_release(&other);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

/*
 * HPL counts 2/3 N^3 + 3/2 N^2. A triangular solve counts its unit diagonal here, N^2 / 2 in all.
 * On P rows each process solves for all of U and updates the triangle of each panel, which repeats
 * N^2 NB / 2 and N NB^2 flops P - 1 times. What is left is of the order of N NB.
 */
static void does_the_work_that_hpl_counts(void **state)
{
    (void)state;
    const struct counter_options options = {.sends_wait = false};
    for (int g = 0; g < N_GRIDS; g++)
        for (int variant = 0; variant < 9; variant++) {
            struct hpl_spec spec = hpl_small_spec(grids[g].p, grids[g].q);
            spec.pfact = variant % 3;
            spec.rfact = variant / 3;
            const double n = (double)spec.n, nb = spec.nb, p = spec.p;
            const double counted = hpl_gflops(spec.n, 1.0) * 1e9;
            const double diagonals = p * n * n / 2.0;
            const double repeated = (p - 1.0) * n * nb * (n / 2.0 + nb);
            struct counter counter = count_spec(&spec, &options);
            const double flops = total_flops(&counter);
            assert_true(flops > counted - n * nb);
            assert_true(flops < counted + diagonals + repeated + n * nb);
            counter_release(&counter);
        }
}

/* Look-ahead does the same things earlier. */
static void look_ahead_changes_no_work(void **state)
{
    (void)state;
    const struct counter_options options = {.sends_wait = false};
    struct hpl_spec spec = hpl_small_spec(3, 4);
    spec.depth = 0;
    struct counter without = count_spec(&spec, &options);
    for (spec.depth = 1; spec.depth < 6; spec.depth++) {
        struct counter with = count_spec(&spec, &options);
        gsl_test_rel(total_flops(&with), total_flops(&without), ROUNDING, "depth %d", spec.depth);
        counter_release(&with);
    }
    counter_release(&without);
    assert_int_equal(gsl_test_summary(), 0);
}

static void ranks_outside_the_grid_do_nothing(void **state)
{
    (void)state;
    const struct counter_options options = {.sends_wait = false};
    const struct hpl_spec spec = hpl_small_spec(3, 2);
    struct program program;
    struct counter counter;

    assert_int_equal(workload_hpl.program_new(&spec, 8, &program), 0);
    assert_int_equal(program.n_ranks, 6);
    assert_int_equal(count_program(&program, 8, &options, &counter), 0);
    for (int i = 6; i < 8; i++)
        assert_int_equal(counter.ranks[i].n_works + counter.ranks[i].traffic.n_sends, 0);
    counter_release(&counter);
    workload_hpl.program_free(&program);
}

static void the_walk_ends_with_back_substitution(void **state)
{
    (void)state;
    for (int depth = 0; depth < 4; depth++) {
        struct hpl_spec spec = hpl_small_spec(2, 3);
        struct program program;
        struct step step, last = {0};
        spec.depth = depth;
        assert_int_equal(hpl_program_init(&program, &spec, NULL), 0);
        for (long i = 0; program.step(program.plan, i, &step); i++)
            last = step;
        assert_string_equal(program.phases[last.phase].name, "back substitution");
        workload_hpl.program_free(&program);
    }
}

/* A Top500 system has 10^5 ranks and more. */
static void a_rank_has_little_state(void **state)
{
    (void)state;
    assert_true(sizeof(struct hpl_state) <= 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_messages_are_received),
        cmocka_unit_test(extremes_end_with_all_messages_received),
        cmocka_unit_test(polling_changes_no_message_and_no_work),
        cmocka_unit_test(does_the_work_that_hpl_counts),
        cmocka_unit_test(look_ahead_changes_no_work),
        cmocka_unit_test(ranks_outside_the_grid_do_nothing),
        cmocka_unit_test(the_walk_ends_with_back_substitution),
        cmocka_unit_test(a_rank_has_little_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
