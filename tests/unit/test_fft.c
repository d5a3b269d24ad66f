/*
 * HPCC's FFT, and the rules by which HPCC sizes it and RandomAccess.
 */
#include "benchmark.h"
#include "sim/workload/hpcc/fft.h"
#include "sim/workload/hpcc/rules.h"

#include <gsl/gsl_test.h>

/* Clocks are sums of durations. */
static const double ROUNDING = 1e-9;

static struct fft_spec fft_of(enum ranks_at_work ranks, double hpl_memory_B)
{
    return (struct fft_spec){.ranks = ranks, .hpl_memory_B = hpl_memory_B};
}

static double fft(const struct scenario *scenario, const struct fft_spec *spec, const char *name)
{
    return benchmark(scenario, &workload_fft, spec, name);
}

/* HPL of order 300 on 2 x 2: 180000 B a process. hpcc 1.5.0 on four ranks then prints
 * MPIFFT_N=8192, FFT_N=4096, MPIRandomAccess_N=65536 and RandomAccess_N=16384. */
static void sizes_are_those_that_hpcc_takes(void **state)
{
    (void)state;
    const struct fft_spec mpi = fft_of(RANKS_MPI, 180000), star = fft_of(RANKS_STAR, 180000);

    assert_int_equal(fft_n_elements(&mpi, 4), 8192);
    assert_int_equal(fft_n_elements(&star, 4), 4096);
    assert_int_equal(hpcc_table_words(180000, 4), 65536);
    assert_int_equal(hpcc_table_words(180000, 1), 16384);
    assert_int_equal(hpcc_table_words(1e15, 100000), INT64_C(1) << 60);
}

static void vectors_fit_the_memory_and_twice_as_long_ones_do_not(void **state)
{
    (void)state;
    for (double memory_B = 64; memory_B < 1e15; memory_B *= 1.7)
        for (int n_vectors = 1; n_vectors <= 4; n_vectors++) {
            const double needed_B = 16.0 * n_vectors;
            const int64_t n = hpcc_vector_power_of_two(memory_B, n_vectors, 16);
            if (n < (int64_t)1 << 30)
                assert_true((double)n * 2.0 * needed_B > memory_B);
            assert_true(n == 1 || (double)n * needed_B <= memory_B);
        }
    assert_int_equal(hpcc_vector_power_of_two(1e15, 2, 16), 1 << 30);
}

static void only_a_power_of_two_of_ranks_computes(void **state)
{
    (void)state;
    const struct fft_spec spec = fft_of(RANKS_MPI, 1e6);
    const int n_computing[] = {1, 2, 2, 4, 4, 4, 4, 8, 8};

    for (int n_ranks = 1; n_ranks <= 9; n_ranks++)
        assert_int_equal(fft_n_computing(&spec, n_ranks), n_computing[n_ranks - 1]);
}

/*
 * 8 MB are 2^18 elements in two vectors, of 4.7e6 flops that take no time at 1e12 flop/s. Memory
 * binds at 3.1 GB/s: 32 B for the columns, 48 B for the rows and 32 B for the copy.
 */
static void a_single_rank_takes_as_long_as_its_passes_over_memory(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(1, 2);
    const struct fft_spec spec = fft_of(RANKS_SINGLE, 8.5e6);
    const double n = 262144;

    gsl_test_rel(fft(&scenario, &spec, "fft_time_s"), n * 112 / 3.1e9, ROUNDING, "time");
    gsl_test_rel(fft(&scenario, &spec, "fft_gflops"), 5 * 18 / (112 / 3.1), ROUNDING, "rate");
    assert_int_equal(gsl_test_summary(), 0);
}

/* 2^17 elements in four vectors. Three reorderings and two copies at the ends are 32 B each where
 * one rank exchanges with itself: 6 x 32 B; z 32 B, y 48 B, x 64 B. At 1.7 Mflop/s flops bind, but
 * in the copies: 5 x 17 of them. */
static void one_rank_alone_copies_what_ranks_exchange(void **state)
{
    (void)state;
    struct scenario scenario = benchmark_cluster(1, 1);
    struct core_rate *rate = &scenario.cluster.node.rate_flops[WORK_FFT];
    const struct fft_spec spec = fft_of(RANKS_MPI, 8.5e6);

    gsl_test_rel(fft(&scenario, &spec, "fft_time_s"), 131072 * 336 / 3.1e9, ROUNDING, "memory");
    rate->alone = rate->full_node = parameter_exact(1.7e6);
    gsl_test_rel(fft(&scenario, &spec, "fft_time_s"), 131072 * (192 / 3.1e9 + 85 / 1.7e6), ROUNDING,
                 "flops");
    assert_int_equal(gsl_test_summary(), 0);
}

/*
 * HPL of order 300 on 2 x 3 of 7 ranks, 4 of which compute. Each has two allreduces of 4 and 8 B,
 * and 3 alltoalls each way of 256 elements of 16 B to each of 4. All ranks have the split, here a
 * gather of 8 B and a broadcast of 8 B, and the broadcast of the result, of 8 B at its root.
 * Counted in hpcc 1.5.0 (tests/validation/hpcc-traffic): the same, 393272 B of all ranks but for
 * the split.
 */
static void each_rank_exchanges_all_its_data_three_times_each_way(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(7, 1);
    const struct fft_spec spec = fft_of(RANKS_MPI, 120000);
    struct outcome outcome = benchmark_run(&scenario, &workload_fft, &spec);

    for (int rank = 0; rank < 7; rank++) {
        const struct rank_traffic *traffic = &outcome.traffic[rank];
        const int exchanged_B = 6 * 256 * 16 * 4;
        assert_int_equal(traffic->n_sends, 0);
        assert_int_equal(traffic->n_collectives, rank < 4 ? 11 : 3);
        assert_int_equal(traffic->collective_B,
                         (rank < 4 ? exchanged_B + 12 : 0) + 8 + (rank == 0 ? 16 : 0));
    }
    outcome_release(&outcome);
}

/* What leaves a rank in the three exchanges takes the wire that long at least. */
static void no_rank_sends_faster_than_its_wire(void **state)
{
    (void)state;
    for (int n_ranks = 2; n_ranks <= 16; n_ranks *= 2) {
        const struct scenario scenario = benchmark_cluster(n_ranks, 1);
        const struct fft_spec spec = fft_of(RANKS_MPI, 30e6);
        const double own_B = 16.0 * (double)fft_n_elements(&spec, n_ranks) / n_ranks;
        const double sent_B = 3.0 * own_B * (n_ranks - 1) / n_ranks;

        assert_true(fft(&scenario, &spec, "fft_time_s") > sent_B / 118e6);
        assert_true(fft(&scenario, &spec, "fft_time_s") < 3.0 * sent_B / 118e6);
    }
}

static void rates_rise_with_the_wires_and_fall_with_their_latency(void **state)
{
    (void)state;
    const struct fft_spec spec = fft_of(RANKS_MPI, 3e6);
    double last_gflops = 0.0;

    for (double bandwidth_Bps = 11e6; bandwidth_Bps < 5e9; bandwidth_Bps *= 4.0) {
        struct scenario scenario = benchmark_cluster(5, 2);
        scenario.cluster.link.bandwidth_Bps = parameter_exact(bandwidth_Bps);
        const double gflops = fft(&scenario, &spec, "fft_gflops");
        scenario.cluster.link.latency_s = parameter_exact(5e-3);

        assert_true(gflops > last_gflops);
        assert_true(fft(&scenario, &spec, "fft_gflops") < gflops);
        last_gflops = gflops;
    }
}

static void star_is_never_faster_than_single(void **state)
{
    (void)state;
    for (double all_Bps = 1.3e9; all_Bps < 40e9; all_Bps *= 2.0) {
        struct scenario scenario = benchmark_cluster(2, 4);
        scenario.cluster.node.memory_bandwidth_all_Bps = parameter_exact(fmax(3.1e9, all_Bps));
        const struct fft_spec star = fft_of(RANKS_STAR, 3e6), single = fft_of(RANKS_SINGLE, 3e6);

        assert_true(fft(&scenario, &star, "fft_gflops") <=
                    fft(&scenario, &single, "fft_gflops") * (1.0 + ROUNDING));
    }
}

/* 8 GB for two ranks. */
static void a_vector_beyond_the_memory_is_an_error(void **state)
{
    (void)state;
    struct scenario scenario = benchmark_cluster(1, 2);
    struct diagnostics *diagnostics = diagnostics_new();
    struct fft_spec spec = fft_of(RANKS_MPI, 3.99e9);

    workload_fft.check(&spec, &scenario, diagnostics);
    assert_int_equal(diagnostics_count(diagnostics, SEVERITY_ERROR), 0);
    spec.hpl_memory_B = 4.01e9;
    workload_fft.check(&spec, &scenario, diagnostics);
    assert_int_equal(diagnostics_count(diagnostics, SEVERITY_ERROR), 1);

    /* Two ranks with 2^30 elements for each other. */
    scenario.cluster.node.memory_B = 1e15;
    spec.hpl_memory_B = 16.0 * 4 * 2 * 1073741824;
    workload_fft.check(&spec, &scenario, diagnostics);
    assert_int_equal(diagnostics_count(diagnostics, SEVERITY_ERROR), 2);
    diagnostics_free(diagnostics);
}

static void absurd_memories_give_lengths_that_can_be_counted(void **state)
{
    (void)state;
    const struct fft_spec spec = {.ranks = RANKS_MPI, .hpl_memory_B = 1e15};

    for (int n_ranks = 1; n_ranks <= 1 << 23; n_ranks *= 2) {
        const int64_t n = fft_n_elements(&spec, n_ranks);
        assert_true(n >= (int64_t)n_ranks * n_ranks);
        assert_true((n & (n - 1)) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_those_that_hpcc_takes),
        cmocka_unit_test(vectors_fit_the_memory_and_twice_as_long_ones_do_not),
        cmocka_unit_test(only_a_power_of_two_of_ranks_computes),
        cmocka_unit_test(a_single_rank_takes_as_long_as_its_passes_over_memory),
        cmocka_unit_test(one_rank_alone_copies_what_ranks_exchange),
        cmocka_unit_test(each_rank_exchanges_all_its_data_three_times_each_way),
        cmocka_unit_test(no_rank_sends_faster_than_its_wire),
        cmocka_unit_test(rates_rise_with_the_wires_and_fall_with_their_latency),
        cmocka_unit_test(star_is_never_faster_than_single),
        cmocka_unit_test(a_vector_beyond_the_memory_is_an_error),
        cmocka_unit_test(absurd_memories_give_lengths_that_can_be_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
