/*
 * Detours of cores: the distributions that models/noise.h promises, and what they do to ranks that
 * wait for each other.
 */
#include "models/noise.h"
#include "toy_cluster.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <gsl/gsl_statistics.h>
#include <gsl/gsl_test.h>

static struct noise_profile noise_of(double rate_Hz, double length_s, double spread)
{
    return (struct noise_profile){.rate_Hz = parameter_exact(rate_Hz),
                                  .length_s = parameter_exact(length_s),
                                  .spread = parameter_exact(spread)};
}

/* --- draws -------------------------------------------------------------------------------------
 */

enum { N_DRAWS = 40000 };

/* What the pieces of `work_s` seconds, cut in `n_pieces`, lose in one draw. */
static double taken_in_pieces_s(const struct noise_profile *noise, double work_s, int n_pieces,
                                struct random_stream *stream)
{
    double taken_s = 0.0;
    for (int i = 0; i < n_pieces; i++)
        taken_s += noise_taken_s(noise, work_s / n_pieces, stream);
    return taken_s;
}

/* Few detours, about the largest number that is drawn one by one, and many; lengths that are all
 * alike, and that are not. */
static const struct {
    double rate_Hz, length_s, spread, work_s;
} cases[] = {
    {237.0, 31e-6, 0.0, 0.0123}, {237.0, 31e-6, 1.0, 0.0123}, {237.0, 31e-6, 2.1, 0.0123},
    {11.3, 2.7e-3, 0.0, 1.39},   {11.3, 2.7e-3, 1.0, 2.79},   {11.3, 2.7e-3, 2.1, 7.3},
    {1013.0, 25e-6, 0.0, 7.31},  {1013.0, 25e-6, 1.0, 7.31},  {1013.0, 25e-6, 2.1, 7.31},
};
enum { N_CASES = sizeof cases / sizeof *cases };

/* Five standard errors of the mean, and of the variance by the draws' own fourth moment. */
static void check_moments(const struct noise_profile *noise, double work_s, int n_pieces)
{
    static double draws_s[N_DRAWS];
    struct random_stream stream = random_stream_for(2385, "moments", (uint64_t)n_pieces);
    for (int i = 0; i < N_DRAWS; i++)
        draws_s[i] = taken_in_pieces_s(noise, work_s, n_pieces, &stream);

    const double spread = noise->spread.value;
    const double mean_s = noise_share(noise) * work_s;
    const double variance_s2 = mean_s * noise->length_s.value * (1.0 + spread * spread);
    gsl_test_abs(gsl_stats_mean(draws_s, 1, N_DRAWS), mean_s, 5.0 * sqrt(variance_s2 / N_DRAWS),
                 "mean of %d pieces", n_pieces);
    const double kurtosis = gsl_stats_kurtosis(draws_s, 1, N_DRAWS) + 2.0;
    gsl_test_rel(gsl_stats_variance(draws_s, 1, N_DRAWS), variance_s2,
                 5.0 * sqrt(kurtosis / N_DRAWS), "variance of %d pieces", n_pieces);
}

static void detours_have_the_mean_and_variance_of_a_compound_poisson_number(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++) {
        const struct noise_profile noise =
            noise_of(cases[i].rate_Hz, cases[i].length_s, cases[i].spread);
        check_moments(&noise, cases[i].work_s, 1);
    }
}

static void work_cut_in_pieces_loses_as_much(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++) {
        const struct noise_profile noise =
            noise_of(cases[i].rate_Hz, cases[i].length_s, cases[i].spread);
        check_moments(&noise, cases[i].work_s, 2);
    }
}

/* 0.7 detours are expected; those of equal length show their number, 0.4966, 0.3476, ... of the
 * time. */
static void few_detours_are_counted(void **state)
{
    (void)state;
    const struct noise_profile noise = noise_of(70.0, 2.9e-3, 0.0);
    struct random_stream stream = random_stream_for(2385, "count", 0);
    int n_with[3] = {0};
    for (int i = 0; i < N_DRAWS; i++) {
        const double n = noise_taken_s(&noise, 0.01, &stream) / 2.9e-3;
        gsl_test_abs(n, round(n), 1e-9, "whole detours");
        if (n < 2.5)
            n_with[(int)round(n)]++;
    }
    gsl_test_abs(n_with[0] / (double)N_DRAWS, exp(-0.7), 0.0125, "none");
    gsl_test_abs(n_with[1] / (double)N_DRAWS, 0.7 * exp(-0.7), 0.0125, "one");
    gsl_test_abs(n_with[2] / (double)N_DRAWS, 0.245 * exp(-0.7), 0.0125, "two");
}

/* More in the mean, never less in any draw from the same numbers: lengths only scale it. */
static void longer_detours_take_as_much_longer(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++) {
        const struct noise_profile noise =
            noise_of(cases[i].rate_Hz, cases[i].length_s, cases[i].spread);
        const struct noise_profile longer =
            noise_of(cases[i].rate_Hz, 1.7 * cases[i].length_s, cases[i].spread);
        struct random_stream a = random_stream_for(2385, "longer", (uint64_t)i), b = a;
        for (int k = 0; k < 100; k++)
            gsl_test_rel(noise_taken_s(&longer, cases[i].work_s, &b),
                         1.7 * noise_taken_s(&noise, cases[i].work_s, &a), 1e-12, "1.7 times");
    }
}

static void no_noise_takes_nothing_and_draws_nothing(void **state)
{
    (void)state;
    const struct noise_profile none[] = {noise_of(0.0, 3e-3, 1.0), noise_of(237.0, 0.0, 1.0)};
    const struct noise_profile some = noise_of(237.0, 3e-3, 1.0);
    struct random_stream stream = random_stream_for(2385, "none", 0);
    const uint64_t before = stream.state;
    for (int i = 0; i < 2; i++) {
        assert_true(noise_taken_s(&none[i], 1e9, &stream) == 0.0);
        assert_true(noise_left_s(&none[i], 1e9, &stream) == 0.0);
    }
    assert_true(noise_taken_s(&some, 0.0, &stream) == 0.0);
    assert_true(noise_left_s(&some, 0.0, &stream) == 0.0);
    assert_true(stream.state == before);
}

/* What fields allow: 10^6 detours of 100 s in a second, for 10^9 seconds of work. */
static void absurd_noise_stays_a_number(void **state)
{
    (void)state;
    const struct noise_profile absurd = noise_of(1e6, 100.0, 10.0);
    struct random_stream stream = random_stream_for(2385, "absurd", 0);
    for (double work_s = 1e-12; work_s < 1e10; work_s *= 9.7) {
        assert_true(isfinite(noise_taken_s(&absurd, work_s, &stream)));
        assert_true(isfinite(noise_left_s(&absurd, work_s, &stream)));
    }
}

static double mean_left_s(const struct noise_profile *noise, double waited_s)
{
    struct random_stream stream = random_stream_for(2385, "left", 0);
    double sum_s = 0.0;
    for (int i = 0; i < N_DRAWS; i++)
        sum_s += noise_left_s(noise, waited_s, &stream);
    return sum_s / N_DRAWS;
}

/*
 * 90 x 4 ms = 0.36 of work, so 0.36 / 1.36 of the time. A detour of 4 ms met at random has 2 ms
 * left on average; of a lognormal length with spread 0.8, 1.64 times as much. After a wait of 1 ms
 * only those can be met that began in it, with 3.5 ms left.
 */
static void a_wait_ends_later_by_what_is_left_of_a_detour(void **state)
{
    (void)state;
    const struct noise_profile even = noise_of(90.0, 4e-3, 0.0);
    const struct noise_profile uneven = noise_of(90.0, 4e-3, 0.8);
    gsl_test_rel(mean_left_s(&even, 1.0), 0.36 / 1.36 * 2e-3, 0.05, "long wait");
    gsl_test_rel(mean_left_s(&uneven, 1.0), 0.36 / 1.36 * 2e-3 * 1.64, 0.08, "uneven lengths");
    gsl_test_rel(mean_left_s(&even, 1e-3), 0.36 / 1.36 * 0.25 * 3.5e-3, 0.05, "short wait");
}

static void longer_waits_are_delayed_no_less(void **state)
{
    (void)state;
    const struct noise_profile noise = noise_of(90.0, 4e-3, 1.0);
    double before_s = 0.0;
    for (double waited_s = 1e-6; waited_s < 1.0; waited_s *= 3.7) {
        const double mean_s = mean_left_s(&noise, waited_s);
        assert_true(mean_s >= before_s);
        before_s = mean_s;
    }
}

/* --- ranks -------------------------------------------------------------------------------------
 */

struct loop {
    int n_steps;
    double work_s; /* of a step */
    bool meets;    /* an allreduce ends each step */
};

static void loop(struct rank *rank, void *argument)
{
    const struct loop *l = argument;
    const struct work work = work_of(WORK_DGEMM, 2e9 * l->work_s, 0.0);
    for (int i = 0; i < l->n_steps; i++) {
        rank_compute(rank, &work);
        if (l->meets)
            rank_allreduce(rank, rank_world(rank), 8);
    }
}

/* Seconds of a run on `n_ranks` bare nodes with this noise. */
static double loop_s(int n_ranks, const struct noise_profile *noise, struct loop l,
                     double layer_s[N_LAYERS])
{
    struct platform platform = toy_native(n_ranks, 1);
    platform.node.noise = *noise;
    struct outcome outcome = toy_run(&platform, loop, &l);
    const double elapsed_s = outcome.elapsed_s;
    for (int i = 0; layer_s && i < N_LAYERS; i++)
        layer_s[i] = outcome.layer_s[i];
    outcome_release(&outcome);
    platform_release(&platform);
    return elapsed_s;
}

/* 2.5 % of 100 s: 100000 of 25 us, whose sum has a standard deviation of 11 ms. */
static void a_rank_alone_loses_the_share_and_it_is_booked_to_noise(void **state)
{
    (void)state;
    const struct noise_profile ticks = noise_of(1000.0, 25e-6, 1.0);
    double layer_s[N_LAYERS];
    const double elapsed_s =
        loop_s(1, &ticks, (struct loop){.n_steps = 100, .work_s = 1.0}, layer_s);
    gsl_test_abs(elapsed_s, 102.5, 0.045, "100 s and 2.5 %%");
    gsl_test_rel(layer_s[LAYER_NOISE], elapsed_s - 100.0, 1e-6, "layer");
}

/* 2.5 % again, but 10 detours of 2.5 ms in a second. */
static const double FEW_HZ = 10.0, LONG_S = 2.5e-3, MANY_HZ = 1000.0, SHORT_S = 25e-6;

/* Steps of 10 ms, each of which nine ranks in ten do without a detour: alone a step takes 10.25 ms,
 * together as long as the unluckiest. */
static void ranks_that_meet_lose_more_the_more_they_are(void **state)
{
    (void)state;
    const struct noise_profile none = noise_of(0.0, 0.0, 0.0);
    const struct noise_profile noise = noise_of(FEW_HZ, LONG_S, 0.0);
    const struct loop l = {.n_steps = 100, .work_s = 0.01, .meets = true};
    double before = 0.0;
    for (int n_ranks = 1; n_ranks <= 64; n_ranks *= 4) {
        const double slowdown = loop_s(n_ranks, &noise, l, NULL) / loop_s(n_ranks, &none, l, NULL);
        assert_true(slowdown > before);
        before = slowdown;
    }
    assert_true(before > 1.25); /* nearly every step of 64 ranks has its detour */
}

static void few_long_detours_cost_more_than_many_short_ones(void **state)
{
    (void)state;
    const struct noise_profile few = noise_of(FEW_HZ, LONG_S, 1.0);
    const struct noise_profile many = noise_of(MANY_HZ, SHORT_S, 1.0);
    const struct loop l = {.n_steps = 100, .work_s = 0.01, .meets = true};
    assert_true(loop_s(32, &few, l, NULL) > 1.1 * loop_s(32, &many, l, NULL));
}

/* A rank's 10 s lose 0.25 s with a standard deviation of 3.5 ms; the mean of 32 ranks, of 0.6 ms.
 */
static void ranks_that_never_meet_lose_the_share_alone(void **state)
{
    (void)state;
    const struct noise_profile ticks = noise_of(MANY_HZ, SHORT_S, 1.0);
    double layer_s[N_LAYERS];
    loop_s(32, &ticks, (struct loop){.n_steps = 100, .work_s = 0.1}, layer_s);
    gsl_test_abs(layer_s[LAYER_NOISE], 0.25, 2.5e-3, "2.5 %% of 10 s");
}

/* What a rank draws for its computing does not depend on noise, nor on other ranks. */
static void noise_leaves_other_streams_alone(void **state)
{
    (void)state;
    const struct loop l = {.n_steps = 10, .work_s = 0.1};
    double computed_s[2];
    for (int i = 0; i < 2; i++) {
        struct platform platform = toy_native(2, 1);
        platform.node.call_spread = parameter_exact(0.07);
        platform.node.noise = noise_of(i * MANY_HZ, SHORT_S, 1.0);
        struct loop copy = l;
        struct outcome outcome = toy_run(&platform, loop, &copy);
        computed_s[i] = outcome.layer_s[LAYER_COMPUTE];
        outcome_release(&outcome);
        platform_release(&platform);
    }
    assert_true(computed_s[0] == computed_s[1]);
}

/* A technology's noise comes on top, in guests alone. */
static void guests_have_their_own_noise_and_the_nodes(void **state)
{
    (void)state;
    struct loop l = {.n_steps = 100, .work_s = 1.0};
    struct platform platform = toy_virtual(1, 1, BACKEND_NONE);
    platform.node.noise = noise_of(MANY_HZ, SHORT_S, 1.0);
    platform.virt.noise = noise_of(300.0, 50e-6, 1.0);
    struct outcome outcome = toy_run(&platform, loop, &l);
    gsl_test_rel(outcome.layer_s[LAYER_NOISE], 2.5 + 1.5, 0.02, "both");
    outcome_release(&outcome);
    platform.virt.kind = VIRT_NATIVE;
    platform.n_vcpus = 0;
    outcome = toy_run(&platform, loop, &l);
    gsl_test_rel(outcome.layer_s[LAYER_NOISE], 2.5, 0.02, "the node's");
    outcome_release(&outcome);
    platform_release(&platform);
}

/* Three ranks on two cores: a detour keeps the core from all of them. */
static void detours_take_shared_cores_too(void **state)
{
    (void)state;
    struct loop l = {.n_steps = 10, .work_s = 0.1};
    struct platform platform = toy_native(1, 3);
    platform.n_cores = platform.n_threads = 2;
    platform.node.noise = noise_of(MANY_HZ, 250e-6, 0.0);
    struct outcome outcome = toy_run(&platform, loop, &l);
    gsl_test_rel(outcome.layer_s[LAYER_NOISE], 0.25, 0.05, "a quarter");
    gsl_test_rel(outcome.elapsed_s, 1.5 * 1.25, 0.05, "3.75 s of work on 2 cores");
    outcome_release(&outcome);
    platform_release(&platform);
}

enum { N_MESSAGES = 20000 };

static void send_to_and_fro(struct rank *rank, void *argument)
{
    (void)argument;
    struct comm *world = rank_world(rank);
    const int other = 1 - rank_number(rank);
    for (int i = 0; i < N_MESSAGES; i++)
        if ((i + rank_number(rank)) % 2 == 0)
            rank_send(rank, world, other, 0, 8);
        else
            rank_recv(rank, world, other, 0, 8, NULL);
}

/*
 * Ping-pong, whose messages take 3 + 50 + 5 us, computes nothing. Detours of 20 us hit each
 * message's stacks, 8 us, with 2000 x 8 us x 20 us = 0.32 us, and the wait of the receiver, 50 us
 * and more of another message, a tenth of which is met with 10 us left: 0.04 / 1.04 x 10 us = 0.385
 * us.
 */
static void messages_are_delayed_while_they_are_sent_and_awaited(void **state)
{
    (void)state;
    double elapsed_s[2];
    for (int i = 0; i < 2; i++) {
        struct platform platform = toy_native(2, 1);
        platform.node.noise = noise_of(i * 2000.0, 20e-6, 0.0);
        struct outcome outcome = toy_run(&platform, send_to_and_fro, NULL);
        elapsed_s[i] = outcome.elapsed_s;
        outcome_release(&outcome);
        platform_release(&platform);
    }
    gsl_test_rel((elapsed_s[1] - elapsed_s[0]) / N_MESSAGES, 0.32e-6 + 0.385e-6, 0.15, "a message");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(detours_have_the_mean_and_variance_of_a_compound_poisson_number),
        cmocka_unit_test(work_cut_in_pieces_loses_as_much),
        cmocka_unit_test(few_detours_are_counted),
        cmocka_unit_test(longer_detours_take_as_much_longer),
        cmocka_unit_test(no_noise_takes_nothing_and_draws_nothing),
        cmocka_unit_test(absurd_noise_stays_a_number),
        cmocka_unit_test(a_wait_ends_later_by_what_is_left_of_a_detour),
        cmocka_unit_test(longer_waits_are_delayed_no_less),
        cmocka_unit_test(a_rank_alone_loses_the_share_and_it_is_booked_to_noise),
        cmocka_unit_test(ranks_that_meet_lose_more_the_more_they_are),
        cmocka_unit_test(few_long_detours_cost_more_than_many_short_ones),
        cmocka_unit_test(ranks_that_never_meet_lose_the_share_alone),
        cmocka_unit_test(noise_leaves_other_streams_alone),
        cmocka_unit_test(guests_have_their_own_noise_and_the_nodes),
        cmocka_unit_test(detours_take_shared_cores_too),
        cmocka_unit_test(messages_are_delayed_while_they_are_sent_and_awaited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) || gsl_test_summary();
}
