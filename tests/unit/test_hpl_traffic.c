/*
 * Messages and bytes of each rank, as the real HPL has them.
 *
 * The facts were recorded from HPCC 1.5.0 (Debian 12) under Open MPI by
 * tests/validation/hpl-traffic/run --facts. Real HPL's row swap depends on the pivots, so the test
 * factors HPL's own matrix; the program that users run draws them instead.
 */
#include "tests/counter/rank_counter.h"

#include "hpl_matrix.h"
#include "sim/workload/hpl_parts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MAX_RANKS = 8, MAX_N = 512 };

/* In the order and with the numbers of HPL.dat. */
struct fact {
    struct {
        int n, nb, order, p, q, pfact, nbmin, ndiv, rfact, broadcast, depth, swap, swap_threshold;
        int equilibration;
    } run;
    struct {
        uint64_t n_sends, sent_B, n_receives, received_B;
    } ranks[MAX_RANKS];
};

static const struct fact facts[] = {
#include "hpl_traffic.inc"
};
enum { N_FACTS = sizeof facts / sizeof facts[0] };

static struct hpl_spec spec_of(const struct fact *fact)
{
    return (struct hpl_spec){.n = fact->run.n,
                             .nb = fact->run.nb,
                             .order = fact->run.order,
                             .p = fact->run.p,
                             .q = fact->run.q,
                             .pfact = fact->run.pfact,
                             .nbmin = fact->run.nbmin,
                             .ndiv = fact->run.ndiv,
                             .rfact = fact->run.rfact,
                             .broadcast = fact->run.broadcast,
                             .depth = fact->run.depth,
                             .swap = fact->run.swap,
                             .swap_threshold = fact->run.swap_threshold,
                             .equilibration = fact->run.equilibration != 0};
}

static struct counter count_fact(const struct fact *fact, const long *pivots)
{
    const struct counter_options options = {.probes_are_shy = true};
    const struct hpl_spec spec = spec_of(fact);
    struct program program;
    struct counter counter;

    assert_int_equal(hpl_program_init(&program, &spec, pivots), 0);
    assert_int_equal(count_program(&program, program.n_ranks, &options, &counter), 0);
    workload_hpl.program_free(&program);
    return counter;
}

static void every_rank_sends_and_receives_what_it_does_in_hpl(void **state)
{
    (void)state;
    long pivots[MAX_N];
    int known_n = 0;

    for (int f = 0; f < N_FACTS; f++) {
        const struct fact *fact = &facts[f];
        if (fact->run.n != known_n) {
            assert_in_range(fact->run.n, 1, MAX_N);
            assert_int_equal(hpl_matrix_pivots(fact->run.n, pivots), 0);
            known_n = fact->run.n;
        }
        struct counter counter = count_fact(fact, pivots);
        for (int i = 0; i < counter.n_ranks; i++) {
            const struct rank_traffic *t = &counter.ranks[i].traffic;
            assert_int_equal(t->n_sends, fact->ranks[i].n_sends);
            assert_int_equal(t->sent_B, fact->ranks[i].sent_B);
            assert_int_equal(t->n_receives, fact->ranks[i].n_receives);
            assert_int_equal(t->received_B, fact->ranks[i].received_B);
        }
        counter_release(&counter);
    }
}

/*
 * Drawn pivots fall on other process rows than the matrix's. With a pivot outside the current row
 * with probability 1/2 at least, N of them, and rows that get shorter, the bytes of the row swap
 * have a relative standard deviation of sqrt(4/3 / N); three of them leave one in 400. Messages
 * change only where a rank has no pivot at all in a panel.
 */
static void drawn_pivots_send_nearly_the_same(void **state)
{
    (void)state;
    for (int f = 0; f < N_FACTS; f++) {
        const struct fact *fact = &facts[f];
        struct counter counter = count_fact(fact, NULL);
        double n_real = 0.0, n_drawn = 0.0, real_B = 0.0, drawn_B = 0.0;
        for (int i = 0; i < counter.n_ranks; i++) {
            n_real += (double)fact->ranks[i].n_sends;
            real_B += (double)fact->ranks[i].sent_B;
            n_drawn += (double)counter.ranks[i].traffic.n_sends;
            drawn_B += (double)counter.ranks[i].traffic.sent_B;
        }
        const double spread = sqrt(4.0 / 3.0 / fact->run.n);
        assert_true(fabs(n_drawn - n_real) <= 0.01 * n_real);
        assert_true(fabs(drawn_B - real_B) <= 3.0 * spread * real_B);
        counter_release(&counter);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rank_sends_and_receives_what_it_does_in_hpl),
        cmocka_unit_test(drawn_pivots_send_nearly_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
