/*
 * The NPB kernels EP, IS, FT and CG beyond the runs that were counted in the real programs.
 */
#include "sim/workload/npb/npb_is.h"
#include "sim/workload/npb/npb_size.h"
#include "sim/workload/shared.h"
#include "tests/counter/rank_counter.h"

#include <gsl/gsl_test.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct npb_kernel *const kernels[] = {&npb_ep, &npb_is, &npb_ft, &npb_cg};
enum { N_KERNELS = sizeof kernels / sizeof kernels[0] };

/* What a run of so many timed iterations sends and computes. Release the counter. */
static struct counter count(const struct npb_kernel *kernel, enum npb_class class, int n_ranks,
                            int n_iterations, bool sends_wait)
{
    const struct npb_case problem = {class, n_iterations};
    const struct counter_options options = {.sends_wait = sends_wait};
    struct program program;
    struct counter counter;

    assert_true(kernel->runs_on(class, n_ranks));
    assert_int_equal(kernel->program_new(&problem, n_ranks, &program), 0);
    const int status = count_program(&program, n_ranks, &options, &counter);
    if (status != 0)
        fail_msg("%s.%s on %d ranks: %d", kernel->name, npb_class_names[class], n_ranks, status);
    program_free_plan(&program);
    return counter;
}

/* Also on 1024 ranks, where CG's rows of class S do not divide, and none may wait for another
 * for ever. */
static void every_message_is_received(void **state)
{
    (void)state;
    for (int k = 0; k < N_KERNELS; k++) {
        for (int class = NPB_S; class <= (int)kernels[k]->last_class; class += NPB_C) {
            for (int n_ranks = 1; n_ranks <= 1024; n_ranks *= 2) {
                if (!kernels[k]->runs_on((enum npb_class) class, n_ranks))
                    continue;
                struct counter counter =
                    count(kernels[k], (enum npb_class) class, n_ranks, 1, true);
                assert_int_equal(counter.n_left_over + counter.n_wrong_sizes, 0);
                counter_release(&counter);
            }
        }
    }
}

static double total_flops(const struct counter *counter, enum work_class class)
{
    double flops = 0.0;

    for (int i = 0; i < counter->n_ranks; i++)
        flops += counter->ranks[i].flops[class];
    return flops;
}

/* 256 batches do not divide by 3, 7 or 100. */
static void ranks_of_ep_share_its_batches(void **state)
{
    (void)state;
    const int n_ranks[] = {1, 2, 3, 7, 64, 100, 256};
    struct counter one = count(&npb_ep, NPB_S, 1, 0, false);

    for (size_t i = 0; i < sizeof n_ranks / sizeof n_ranks[0]; i++) {
        struct counter counter = count(&npb_ep, NPB_S, n_ranks[i], 0, false);
        const double least = counter.ranks[n_ranks[i] - 1].flops[WORK_SCALAR];
        const double batch = one.ranks[0].flops[WORK_SCALAR] / 256;

        gsl_test_rel(total_flops(&counter, WORK_SCALAR), total_flops(&one, WORK_SCALAR), 1e-12,
                     "EP on %d ranks", n_ranks[i]);
        gsl_test_rel(least, floor(256.0 / n_ranks[i]) * batch, 1e-12, "last of %d ranks",
                     n_ranks[i]);
        counter_release(&counter);
    }
    counter_release(&one);
    assert_int_equal(gsl_test_summary(), 0);
}

/* --- FT --------------------------------------------------------------------------------------- */

/*
 * Each transposition sends all that a rank has, 16 bytes a point. There are 2 FFTs in the start and
 * one in each iteration, transposed once up to 64 ranks, twice beyond.
 */
static void ranks_of_ft_send_all_their_points_in_each_transposition(void **state)
{
    (void)state;
    const double points = 64.0 * 64.0 * 64.0;

    for (int n_ranks = 2; n_ranks <= 1024; n_ranks *= 2) {
        const uint64_t n_transpositions = (2 + 3) * (n_ranks <= 64 ? 1 : 2);
        const uint64_t share_B = (uint64_t)(16 * points / n_ranks);
        struct counter counter = count(&npb_ft, NPB_S, n_ranks, 3, false);

        for (int i = 0; i < n_ranks; i++) {
            const struct collective_count *sent =
                &counter.ranks[i].collectives[COLLECTIVE_ALLTOALL];
            assert_int_equal(sent->n_calls, n_transpositions);
            assert_int_equal(sent->sent_B, n_transpositions * share_B);
        }
        counter_release(&counter);
    }
    assert_true(npb_ft.runs_on(NPB_S, 4096));
    assert_false(npb_ft.runs_on(NPB_S, 8192));
    assert_false(npb_ft.runs_on(NPB_W, 2048));
}

/* --- CG --------------------------------------------------------------------------------------- */

/*
 * Sums over l = log2(columns) ranks: 52 of one number and one of two, 26 of vectors, so 79 l
 * messages, and 26 exchanges; in each iteration and the untimed one before.
 */
static void messages_of_cg_follow_its_steps(void **state)
{
    (void)state;
    for (int n_ranks = 2, log = 1; n_ranks <= 256; n_ranks *= 2, log++) {
        const uint64_t l = (uint64_t)(log + 1) / 2;
        struct counter counter = count(&npb_cg, NPB_W, n_ranks, 2, false);

        for (int i = 0; i < n_ranks; i++)
            assert_int_equal(counter.ranks[i].traffic.n_sends, 3 * (79 * l + 26));
        counter_release(&counter);
    }
}

/* On a grid as wide as high, each vector that is sent is a row's, so 8 n / sqrt(p) bytes. */
static void bytes_of_cg_fall_with_the_root_of_the_ranks(void **state)
{
    (void)state;
    for (int p = 2, l = 1; p <= 8; p *= 2, l++) {
        const uint64_t vector_B = 8 * 14000 / (uint64_t)p; /* class A */
        struct counter counter = count(&npb_cg, NPB_A, p * p, 1, false);
        const uint64_t n_sums = (uint64_t)l;

        assert_int_equal(counter.ranks[p + 1].traffic.sent_B,
                         2 * ((26 * n_sums + 26) * vector_B + (52 + 2) * n_sums * 8));
        counter_release(&counter);
    }
}

/*
 * Nonzeros of class A's blocks on 16 ranks, printed by the real program: 118331 on the diagonal
 * (mean of 4), 114982 elsewhere (mean of 12). A product takes two operations on each, there are 26
 * in an iteration. Vectors take 25 times 10 operations on each of 3500 columns, and 10 more, and
 * there are 2 sums of 3500 numbers after each product.
 */
static void blocks_of_cg_are_as_full_as_the_real_ones(void **state)
{
    (void)state;
    struct counter counter = count(&npb_cg, NPB_A, 16, 1, false);
    const double vectors = 2 * 3500 * (25 * 10 + 10 + 26 * 2);
    const double *diagonal = counter.ranks[0].flops, *beside = counter.ranks[1].flops;

    gsl_test_rel((diagonal[WORK_MEMORY] + diagonal[WORK_SCALAR] - vectors) / (2 * 2 * 26), 118331,
                 0.005, "on the diagonal");
    gsl_test_rel((beside[WORK_MEMORY] + beside[WORK_SCALAR] - vectors) / (2 * 2 * 26), 114982,
                 0.005, "beside it");
    counter_release(&counter);
    assert_int_equal(gsl_test_summary(), 0);
}

/* --- IS --------------------------------------------------------------------------------------- */

/* The generator of NPB, x = 5^13 x modulo 2^46, which 64 bits wrap to. */
static double next_random(uint64_t *x)
{
    *x = *x * 1220703125 % (UINT64_C(1) << 46);
    return ldexp((double)*x, -46);
}

/*
 * Generates the real keys, deals buckets as IS does, and sets sent[from * n_ranks + to] to the keys
 * that go from a rank to another.
 */
static void deal_real_keys(enum npb_class class, int n_ranks, int sent[])
{
    const struct npb_is_size size = npb_is_size(class);
    const int n_keys = 1 << size.log_keys, n_each = n_keys / n_ranks;
    const int n_buckets = 1 << size.log_buckets;
    int *bucket_of = malloc((size_t)n_keys * sizeof(int));
    int *in_bucket = calloc((size_t)n_buckets, sizeof(int));
    int *owner = calloc((size_t)n_buckets, sizeof(int));
    uint64_t x = 314159265;

    assert_true(bucket_of && in_bucket && owner);
    for (int i = 0; i < n_keys; i++) {
        double sum = 0.0;
        for (int j = 0; j < 4; j++)
            sum += next_random(&x);
        const int key = (int)(sum * (1 << size.log_max_key) / 4);
        bucket_of[i] = key >> (size.log_max_key - size.log_buckets);
        in_bucket[bucket_of[i]]++;
    }
    for (int bucket = 0, rank = 0, so_far = 0; bucket < n_buckets; bucket++) {
        owner[bucket] = rank;
        so_far += in_bucket[bucket];
        rank += so_far >= (rank + 1) * n_each;
    }
    memset(sent, 0, (size_t)(n_ranks * n_ranks) * sizeof(int));
    for (int i = 0; i < n_keys; i++)
        sent[i / n_each * n_ranks + owner[bucket_of[i]]]++;
    free(bucket_of);
    free(in_bucket);
    free(owner);
}

/*
 * Real keys scatter about the expected ones by the square root of their number, and the bucket at
 * either end of a rank's run may go to its neighbour. The fullest bucket has 2/3 of the keys, the
 * density of the sum of four random numbers at its middle, times 4 / buckets, its width.
 */
static void keys_are_dealt_as_the_real_ones_are(void **state)
{
    (void)state;
    static int sent[64 * 64];
    static struct npb_is_run expected[64];

    for (int class = NPB_S; class <= NPB_W; class ++)
        for (int n_ranks = 2; n_ranks <= 64; n_ranks *= 4) {
            const struct npb_is_size size = npb_is_size((enum npb_class) class);
            const double n_each = ldexp(1.0, size.log_keys) / n_ranks;
            const double border = 2 * n_each * (2.0 / 3) * 4 / ldexp(1.0, size.log_buckets);
            uint64_t sum = 0;

            deal_real_keys((enum npb_class) class, n_ranks, sent);
            npb_is_deal_keys((enum npb_class) class, n_ranks, expected);
            for (int from = 0; from < n_ranks; from++)
                for (int to = 0; to < n_ranks; to++) {
                    const double mean = (double)expected[to].n_keys;
                    const double error = fabs(sent[from * n_ranks + to] - mean);
                    assert_true(error < 5 * sqrt(mean) + border);
                }
            for (int to = 0; to < n_ranks; to++)
                sum += expected[to].n_keys;
            assert_true((double)sum == n_each);
        }
}

/* The fullest bucket of 1024 has 1/384 of the keys, more than two of 1024 ranks should get. */
static void ranks_that_no_bucket_is_left_for_get_no_keys(void **state)
{
    (void)state;
    static struct npb_is_run runs[1024];
    uint64_t sum = 0;
    int n_buckets = 0;

    npb_is_deal_keys(NPB_C, 1024, runs);
    assert_int_equal(runs[1023].n_keys, 0);
    for (int i = 0; i < 1024; i++) {
        sum += runs[i].n_keys;
        n_buckets += runs[i].n_buckets;
    }
    assert_int_equal(sum, 1 << (27 - 10));
    assert_int_equal(n_buckets, 1024);
}

/* --- all -------------------------------------------------------------------------------------- */

/* Data and BSS of the real executables (gfortran 12, Open MPI 4.1.4), which allocate statically;
 * some 0.4 MB of them are the libraries' and FT's scratch. */
static void memory_is_that_of_the_real_programs(void **state)
{
    (void)state;
    static const struct {
        const struct npb_kernel *kernel;
        enum npb_class class;
        int n_ranks;
        double real_B;
    } facts[] = {{&npb_ep, NPB_A, 4, 1130920},   {&npb_cg, NPB_A, 4, 17278800},
                 {&npb_cg, NPB_A, 8, 8948784},   {&npb_cg, NPB_B, 16, 36002888},
                 {&npb_ft, NPB_A, 4, 117734570}, {&npb_ft, NPB_B, 16, 118025610},
                 {&npb_is, NPB_A, 4, 37796200},  {&npb_is, NPB_C, 8, 302037352}};

    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        const struct npb_case problem = npb_case_of(facts[i].kernel, (int)facts[i].class, 0);
        gsl_test_rel(facts[i].kernel->memory_B(&problem, facts[i].n_ranks), facts[i].real_B, 0.006,
                     "%s.%s on %d ranks", facts[i].kernel->name, npb_class_names[facts[i].class],
                     facts[i].n_ranks);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_is_received),
        cmocka_unit_test(ranks_of_ep_share_its_batches),
        cmocka_unit_test(ranks_of_ft_send_all_their_points_in_each_transposition),
        cmocka_unit_test(messages_of_cg_follow_its_steps),
        cmocka_unit_test(bytes_of_cg_fall_with_the_root_of_the_ranks),
        cmocka_unit_test(blocks_of_cg_are_as_full_as_the_real_ones),
        cmocka_unit_test(keys_are_dealt_as_the_real_ones_are),
        cmocka_unit_test(ranks_that_no_bucket_is_left_for_get_no_keys),
        cmocka_unit_test(memory_is_that_of_the_real_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
