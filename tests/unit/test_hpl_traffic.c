/*
 * Messages and bytes of each rank, as the real HPL has them, whatever the engine.
 *
 * Real HPL's row swap depends on the pivots, so the test factors HPL's own matrix; the program
 * that users run draws them instead.
 */
#include "hpl_facts.h"
#include "tests/counter/rank_counter.h"

#include "sim/workload/hpl/hpl_parts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct counter count_fact(const struct hpl_fact *fact, const long *pivots)
{
    const struct counter_options options = {.probes_are_shy = true};
    const struct hpl_spec spec = hpl_fact_spec(fact);
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
    for (int f = 0; f < n_hpl_facts; f++) {
        const struct hpl_fact *fact = &hpl_facts[f];
        struct counter counter = count_fact(fact, hpl_fact_pivots(fact));
        for (int i = 0; i < counter.n_ranks; i++)
            hpl_fact_check(fact, i, &counter.ranks[i].traffic);
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
    for (int f = 0; f < n_hpl_facts; f++) {
        const struct hpl_fact *fact = &hpl_facts[f];
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
