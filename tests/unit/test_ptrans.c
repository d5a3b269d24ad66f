/*
 * PTRANS: who trades what with whom, against the plain definition of a block-cyclic transposition.
 */
#include "benchmark.h"
#include "sim/workload/hpcc/ptrans.h"

#include <gsl/gsl_test.h>

static const struct ptrans_spec cases[] = {
    {.n = 17, .nb = 3, .p = 1, .q = 1}, {.n = 40, .nb = 4, .p = 2, .q = 2},
    {.n = 83, .nb = 5, .p = 2, .q = 3}, {.n = 90, .nb = 7, .p = 4, .q = 6},
    {.n = 61, .nb = 2, .p = 6, .q = 4}, {.n = 113, .nb = 3, .p = 7, .q = 4},
    {.n = 5, .nb = 8, .p = 3, .q = 2},  {.n = 64, .nb = 1, .p = 1, .q = 5},
};
enum { N_CASES = sizeof cases / sizeof cases[0], MOST_PLACES = 28 };

static int block_order(const struct ptrans_spec *spec, int block)
{
    const int left = spec->n - block * spec->nb;
    return left < spec->nb ? left : spec->nb;
}

/* Block (i, j) of A lies at row i mod P, column j mod Q, and becomes block (j, i) of C. */
static void move_blocks(const struct ptrans_spec *spec, double moved[MOST_PLACES][MOST_PLACES])
{
    for (int i = 0; i * spec->nb < spec->n; i++)
        for (int j = 0; j * spec->nb < spec->n; j++) {
            const int from = i % spec->p * spec->q + j % spec->q;
            const int to = j % spec->p * spec->q + i % spec->q;
            moved[from][to] += (double)block_order(spec, i) * block_order(spec, j);
        }
}

static void every_element_goes_where_its_transpose_lies(void **state)
{
    (void)state;
    for (int c = 0; c < N_CASES; c++) {
        double moved[MOST_PLACES][MOST_PLACES] = {0};

        move_blocks(&cases[c], moved);
        for (int place = 0; place < cases[c].p * cases[c].q; place++)
            for (int i = 0; i < ptrans_n_trades(&cases[c]); i++) {
                const struct ptrans_trade trade = ptrans_trade_at(&cases[c], place, i);
                moved[place][trade.to] -= trade.sent_elements;
            }
        for (int from = 0; from < MOST_PLACES; from++)
            for (int to = 0; to < MOST_PLACES; to++)
                assert_true(moved[from][to] == 0.0);
    }
}

static void what_one_sends_the_other_adds_in_the_same_step(void **state)
{
    (void)state;
    for (int c = 0; c < N_CASES; c++)
        for (int place = 0; place < cases[c].p * cases[c].q; place++)
            for (int i = 0; i < ptrans_n_trades(&cases[c]); i++) {
                const struct ptrans_trade sent = ptrans_trade_at(&cases[c], place, i);
                const struct ptrans_trade got = ptrans_trade_at(&cases[c], sent.to, i);

                assert_int_equal(got.from, place);
                assert_true(got.added_elements == sent.sent_elements);
                assert_true(sent.sent_elements * 8 <= ptrans_message_B(&cases[c]));
            }
}

/* P Q processes trade L/P L/Q classes each, L^2 in all. Of these L stay: block rows and columns of
 * the same class modulo L. */
static void all_classes_but_one_in_l_travel(void **state)
{
    (void)state;
    const int lcm[N_CASES] = {1, 2, 6, 12, 12, 28, 6, 5};

    for (int c = 0; c < N_CASES; c++) {
        int n_messages = 0;

        for (int place = 0; place < cases[c].p * cases[c].q; place++)
            for (int i = 0; i < ptrans_n_trades(&cases[c]); i++)
                n_messages += ptrans_trade_at(&cases[c], place, i).to != place;
        assert_int_equal(n_messages, lcm[c] * lcm[c] - lcm[c]);
    }
}

/* N = 29300, NB = 400: 74 block rows; a class has at most ceil(74 / 28) = 3 of them, 1200 rows. */
static void a_message_has_the_size_of_the_largest_class(void **state)
{
    (void)state;
    const struct ptrans_spec spec = {.n = 29300, .nb = 400, .p = 7, .q = 4};

    assert_true(ptrans_message_B(&spec) == 1200.0 * 1200.0 * 8.0);
    assert_int_equal(ptrans_n_trades(&spec), 28);
}

/* 1 x 1: N^2 elements of 24 B + 18.4 B at 3.1 GB/s, for 8 N^2 B of metric. */
static void one_process_transposes_at_the_speed_of_its_memory(void **state)
{
    (void)state;
    struct scenario scenario = benchmark_cluster(1, 1);
    scenario.cluster.node.strided_extra_B = parameter_exact(18.4);
    const struct ptrans_spec spec = {.n = 977, .nb = 40, .p = 1, .q = 1, .n_repetitions = 2};

    gsl_test_rel(benchmark(&scenario, &workload_ptrans, &spec, "ptrans_GBps"),
                 3.1 * 8.0 / (24.0 + 18.4), 1e-9, "one process");
    assert_int_equal(gsl_test_summary(), 0);
}

/*
 * Counted in hpcc 1.5.0 on 7 ranks (tests/validation/hpcc-traffic): in each of 5 repetitions the
 * six ranks of the grid make 5 MPI_Sendrecv of 8192 B each. One rank in turn stays out.
 */
static void ranks_send_what_hpccs_ranks_send(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(7, 1);
    const struct ptrans_spec spec = {.n = 150, .nb = 8, .p = 2, .q = 3, .n_repetitions = 5};
    struct outcome outcome = benchmark_run(&scenario, &workload_ptrans, &spec);
    uint64_t n_sends = 0;

    for (int rank = 0; rank < 7; rank++) {
        assert_int_equal(outcome.traffic[rank].n_sends % 5, 0);
        assert_int_equal(outcome.traffic[rank].sent_B, outcome.traffic[rank].n_sends * 8192);
        n_sends += outcome.traffic[rank].n_sends;
    }
    assert_int_equal(n_sends, 5 * 6 * 5);
    assert_int_equal(outcome.records[0].n, 5 * 6);
    outcome_release(&outcome);
}

/* Two blocks of order 4000 on 1 x 2: one message of 4000^2 x 8 B = 128 MB each way, as 100 and 28.
 */
static void long_messages_go_in_parts_of_100_mb(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 1);
    const struct ptrans_spec spec = {.n = 8000, .nb = 4000, .p = 1, .q = 2, .n_repetitions = 1};
    struct outcome outcome = benchmark_run(&scenario, &workload_ptrans, &spec);

    assert_true(ptrans_message_B(&spec) == 128e6);
    assert_int_equal(outcome.traffic[0].n_sends, 2);
    assert_int_equal(outcome.traffic[0].sent_B, 128000000);
    outcome_release(&outcome);
}

static void wires_of_more_bandwidth_transpose_faster(void **state)
{
    (void)state;
    const struct ptrans_spec spec = {.n = 900, .nb = 10, .p = 2, .q = 2, .n_repetitions = 1};
    double last_GBps = 0.0;

    for (double bandwidth_Bps = 10e6; bandwidth_Bps < 1e10; bandwidth_Bps *= 4.0) {
        struct scenario scenario = benchmark_cluster(4, 1);
        scenario.cluster.link.bandwidth_Bps = parameter_exact(bandwidth_Bps);
        const double GBps = benchmark(&scenario, &workload_ptrans, &spec, "ptrans_GBps");

        assert_true(GBps > last_GBps);
        last_GBps = GBps;
    }
}

static void grids_and_matrices_that_do_not_fit_are_errors(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(3, 2);
    struct ptrans_spec spec = {.n = 300, .nb = 8, .p = 2, .q = 3, .n_repetitions = 1};
    struct diagnostics *diagnostics = diagnostics_new();

    workload_ptrans.check(&spec, &scenario, diagnostics);
    assert_int_equal(diagnostics_count(diagnostics, SEVERITY_ERROR), 0);
    spec.q = 4;
    workload_ptrans.check(&spec, &scenario, diagnostics);
    assert_int_equal(diagnostics_count(diagnostics, SEVERITY_ERROR), 1);
    spec.q = 3;
    spec.n = 1000000;
    workload_ptrans.check(&spec, &scenario, diagnostics);
    assert_int_equal(diagnostics_count(diagnostics, SEVERITY_ERROR), 2);
    diagnostics_free(diagnostics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_element_goes_where_its_transpose_lies),
        cmocka_unit_test(what_one_sends_the_other_adds_in_the_same_step),
        cmocka_unit_test(all_classes_but_one_in_l_travel),
        cmocka_unit_test(a_message_has_the_size_of_the_largest_class),
        cmocka_unit_test(one_process_transposes_at_the_speed_of_its_memory),
        cmocka_unit_test(ranks_send_what_hpccs_ranks_send),
        cmocka_unit_test(long_messages_go_in_parts_of_100_mb),
        cmocka_unit_test(wires_of_more_bandwidth_transpose_faster),
        cmocka_unit_test(grids_and_matrices_that_do_not_fit_are_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
