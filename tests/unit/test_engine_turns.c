/*
 * Ranks and vCPUs beyond the cores, other customers' guests, and cores reserved for backends.
 */
#include "toy_cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* SimGrid rounds times to a nanosecond; the runs here take some hundred microseconds and more. */
static const double TIMING = 1e-5;

static void compute_a_second(struct rank *rank, void *argument)
{
    (void)argument;
    const struct work second = work_of(WORK_DGEMM, 2e9, 0.0);
    rank_compute(rank, &second);
}

static double elapsed_s(const struct platform *platform, toy_code *code)
{
    struct outcome outcome = toy_run(platform, code, NULL);
    const double s = outcome.elapsed_s;
    outcome_release(&outcome);
    return s;
}

static void set_threads(struct platform *platform, int n)
{
    platform->n_cores = platform->n_threads = n;
}

/* --- shares of computing ranks --------------------------------------------------------- */

/* Three ranks of a guest on its two vCPUs, whatever the node has beside. */
static void ranks_beyond_a_guests_vcpus_share_them(void **state)
{
    (void)state;
    struct platform platform = toy_smp_guests(1, 3, BACKEND_NONE);
    set_threads(&platform, 8);
    platform.n_vcpus = 2;
    gsl_test_rel(elapsed_s(&platform, compute_a_second), 1.5, TIMING, "3 s on 2 vCPUs");
    platform_release(&platform);
}

static void guests_beyond_the_cores_share_these(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(1, 3, BACKEND_NONE);
    set_threads(&platform, 2);
    gsl_test_rel(elapsed_s(&platform, compute_a_second), 1.5, TIMING, "3 s on 2 cores");
    set_threads(&platform, 3);
    gsl_test_rel(elapsed_s(&platform, compute_a_second), 1.0, TIMING, "3 s on 3 cores");
    platform.n_reserved = 1;
    gsl_test_rel(elapsed_s(&platform, compute_a_second), 1.5, TIMING, "one of them reserved");
    platform_release(&platform);
}

/* One rank beside five tenants: alone on one of six cores, and a sixth of three cores' time. */
static void tenants_take_their_share_of_full_nodes(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(2, 1, BACKEND_NONE);
    platform.tenants.n_cores = 5;
    set_threads(&platform, 6);
    gsl_test_rel(elapsed_s(&platform, compute_a_second), 1.0, TIMING, "a core for each");
    set_threads(&platform, 3);
    struct outcome outcome = toy_run(&platform, compute_a_second, NULL);
    gsl_test_rel(outcome.elapsed_s, 2.0, TIMING, "six on three cores");
    gsl_test_rel(outcome.layer_s[LAYER_STEAL], 1.0, TIMING, "what tenants take");
    outcome_release(&outcome);
    platform_release(&platform);
}

/* The rank has a 4097th of three cores' time. */
static void thousands_of_tenants_can_share_a_node(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(2, 1, BACKEND_NONE);
    platform.tenants.n_cores = 4096;
    set_threads(&platform, 3);
    gsl_test_rel(elapsed_s(&platform, compute_a_second), 4097.0 / 3.0, TIMING, "4097 on 3 cores");
    platform_release(&platform);
}

/* --- ranks that poll ------------------------------------------------------------------- */

/* Rank 1 waits for rank 0, which computes a second on the core of both. */
static void wait_for_who_computes(struct rank *rank, void *argument)
{
    (void)argument;
    if (rank_number(rank) == 0) {
        compute_a_second(rank, NULL);
        rank_send(rank, rank_world(rank), 1, 0, 8);
    } else {
        rank_recv(rank, rank_world(rank), 0, 0, 8, NULL);
    }
}

static void a_rank_that_polls_takes_cores_from_those_that_compute(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(1, 2, BACKEND_NONE);
    set_threads(&platform, 1);
    gsl_test_rel(elapsed_s(&platform, wait_for_who_computes), 1.0, 1e-3, "blocking");
    platform.mpi.wait = MPI_WAIT_POLLS;
    gsl_test_rel(elapsed_s(&platform, wait_for_who_computes), 2.0, 1e-3, "polling");
    set_threads(&platform, 2);
    gsl_test_rel(elapsed_s(&platform, wait_for_who_computes), 1.0, 1e-3, "with a core each");
    platform_release(&platform);
}

/* SimGrid ends only what waits: nobody may spin for ever. */
static void wait_in_vain(struct rank *rank, void *argument)
{
    (void)argument;
    rank_recv(rank, rank_world(rank), 0, 0, 8, NULL);
}

static void ranks_that_poll_in_vain_are_a_deadlock(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(1, 2, BACKEND_NONE);
    set_threads(&platform, 1);
    platform.tenants.n_cores = 1;
    platform.mpi.wait = MPI_WAIT_POLLS;
    char error[1024] = "";
    toy_fail(&platform, wait_in_vain, NULL, error, sizeof error);
    assert_non_null(strstr(error, "rank 0"));
    platform_release(&platform);
}

/* --- turns of ranks that wait ------------------------------------------------------------- */

enum { N_MESSAGES = 400 };

/* Node 1 sends to the first guest of node 0, a message each 100 ms, while tenants compute there. */
static void receive_now_and_then(struct rank *rank, void *argument)
{
    (void)argument;
    const struct work pause = work_of(WORK_DGEMM, 2e8, 0.0);
    for (int i = 0; i < N_MESSAGES; i++)
        if (rank_number(rank) == 0) {
            rank_recv(rank, rank_world(rank), 1, 0, 8, NULL);
        } else {
            rank_compute(rank, &pause);
            rank_send(rank, rank_world(rank), 0, 0, 8);
        }
}

/* Mean over the messages of what the receiver waited for its turn. */
static double mean_turn_s(const struct platform *platform)
{
    struct outcome outcome = toy_run(platform, receive_now_and_then, NULL);
    const double steal_s = outcome.layer_s[LAYER_STEAL] * 2.0;
    outcome_release(&outcome);
    return steal_s / N_MESSAGES;
}

static struct platform beside_tenants(int n_tenants)
{
    struct platform platform = toy_virtual(2, 1, BACKEND_NONE);
    platform.tenants.n_cores = n_tenants;
    platform.virt.scheduler.slice_s = parameter_exact(0.03);
    platform.virt.scheduler.boost = parameter_exact(0.0);
    return platform;
}

/*
 * One core and two tenants: whoever wakes queues for 1.5 slices of 30 ms on average, give or take
 * 4 x 30 ms / sqrt(12 x 400). The sender loses two thirds of its core: 200 ms a message.
 */
static void a_rank_that_blocks_queues_behind_tenants(void **state)
{
    (void)state;
    struct platform platform = beside_tenants(2);
    gsl_test_abs(mean_turn_s(&platform) - 0.2, 0.045, 4 * 0.03 / 69.3, "not boosted");
    platform.virt.scheduler.boost = parameter_exact(1.0);
    gsl_test_abs(mean_turn_s(&platform) - 0.2, 0.0, 1e-5, "boosted");
    platform_release(&platform);
}

/* Two thirds of the time off, for 30 ms on average: 20 ms, give or take 4 x 21 ms / sqrt(400). */
static void a_rank_that_polls_misses_messages_while_it_is_off(void **state)
{
    (void)state;
    struct platform platform = beside_tenants(2);
    platform.mpi.wait = MPI_WAIT_POLLS;
    platform.virt.scheduler.boost = parameter_exact(1.0);
    gsl_test_abs(mean_turn_s(&platform) - 0.2, 0.02, 4 * 0.021 / 20, "boosts help it nothing");
    platform_release(&platform);
}

static void nobody_waits_for_turns_with_a_core_each(void **state)
{
    (void)state;
    struct platform platform = beside_tenants(2);
    set_threads(&platform, 3);
    for (int wait = MPI_WAIT_BLOCKS; wait <= MPI_WAIT_POLLS; wait++) {
        platform.mpi.wait = wait;
        assert_true(mean_turn_s(&platform) == 0.0);
    }
    platform_release(&platform);
}

static void meet_often(struct rank *rank, void *argument)
{
    (void)argument;
    for (int i = 0; i < 50; i++)
        rank_barrier(rank, rank_world(rank));
}

/* Two nodes, each full: a barrier is two messages, one each way at once, and ends with the later
 * of two turns, 20 ms each on average (one slice of 30 ms off, of two thirds of it). */
static void collectives_wait_for_turns_too(void **state)
{
    (void)state;
    struct platform platform = beside_tenants(1);
    struct outcome waiting = toy_run(&platform, meet_often, NULL);
    platform.virt.scheduler.boost = parameter_exact(1.0);
    struct outcome boosted = toy_run(&platform, meet_often, NULL);
    assert_true(boosted.layer_s[LAYER_STEAL] == 0.0);
    assert_true(waiting.elapsed_s - boosted.elapsed_s > 50 * 0.015);
    assert_true(waiting.elapsed_s - boosted.elapsed_s < 50 * 0.03);
    assert_true(waiting.layer_s[LAYER_STEAL] > 0.4 * waiting.elapsed_s);
    outcome_release(&waiting);
    outcome_release(&boosted);
    platform_release(&platform);
}

/* --- reserved cores -------------------------------------------------------------------- */

/* The first guests of node 0 compute for a second, in which those of node 1 send to them. */
static void be_interrupted(struct rank *rank, void *argument)
{
    (void)argument;
    const int half = comm_size(rank_world(rank)) / 2, me = rank_number(rank);
    if (me < half)
        compute_a_second(rank, NULL);
    for (int i = 0; i < 50; i++)
        if (me < half)
            rank_recv(rank, rank_world(rank), me + half, 0, 15000, NULL);
        else
            rank_send(rank, rank_world(rank), me - half, 0, 15000);
}

static void backends_on_cores_of_their_own_take_nothing_from_guests(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(2, 2, BACKEND_PER_VM);
    platform.virt.backend.busy_factor = parameter_exact(2.6);
    struct outcome without = toy_run(&platform, be_interrupted, NULL);
    assert_true(without.layer_s[LAYER_STEAL] > 0.0);
    set_threads(&platform, 3);
    platform.n_reserved = 1;
    struct outcome with = toy_run(&platform, be_interrupted, NULL);
    assert_true(with.layer_s[LAYER_STEAL] == 0.0);
    assert_true(with.elapsed_s < without.elapsed_s);
    outcome_release(&without);
    outcome_release(&with);
    platform_release(&platform);
}

/* Each guest of node 0 sends 15 MB to its counterpart. */
static void send_side_by_side(struct rank *rank, void *argument)
{
    (void)argument;
    const int half = comm_size(rank_world(rank)) / 2, me = rank_number(rank);
    if (me < half)
        rank_send(rank, rank_world(rank), me + half, 0, 15000000);
    else
        rank_recv(rank, rank_world(rank), me - half, 0, 15000000, NULL);
}

/*
 * A backend takes 0.3 s for 15 MB and needs all of a core meanwhile: four on two reserved cores
 * take 0.6 s, and 0.3 s where each has its own. Stacks take 45 ms and latencies 0.2 ms.
 */
static void backends_share_the_cores_reserved_for_them(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(2, 4, BACKEND_PER_VM);
    platform.virt.backend.cpu_share = parameter_exact(1.0);
    platform.link.bandwidth_Bps = parameter_exact(1e12);
    set_threads(&platform, 8);
    platform.n_reserved = 4;
    gsl_test_rel(elapsed_s(&platform, send_side_by_side), 0.345, 1e-3, "a core each");
    platform.n_reserved = 2;
    gsl_test_rel(elapsed_s(&platform, send_side_by_side), 0.645, 1e-3, "two for four");
    platform_release(&platform);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_beyond_a_guests_vcpus_share_them),
        cmocka_unit_test(guests_beyond_the_cores_share_these),
        cmocka_unit_test(tenants_take_their_share_of_full_nodes),
        cmocka_unit_test(thousands_of_tenants_can_share_a_node),
        cmocka_unit_test(a_rank_that_polls_takes_cores_from_those_that_compute),
        cmocka_unit_test(ranks_that_poll_in_vain_are_a_deadlock),
        cmocka_unit_test(a_rank_that_blocks_queues_behind_tenants),
        cmocka_unit_test(a_rank_that_polls_misses_messages_while_it_is_off),
        cmocka_unit_test(nobody_waits_for_turns_with_a_core_each),
        cmocka_unit_test(collectives_wait_for_turns_too),
        cmocka_unit_test(backends_on_cores_of_their_own_take_nothing_from_guests),
        cmocka_unit_test(backends_share_the_cores_reserved_for_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) || gsl_test_summary();
}
