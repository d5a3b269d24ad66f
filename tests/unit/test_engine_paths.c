/*
 * Which way messages take between guests and containers, and what they share on it.
 */
#include "toy_cluster.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* SimGrid rounds times to a nanosecond; the runs here take some hundred microseconds and more. */
static const double TIMING = 1e-5;

enum { MESSAGE_B = 1234567 };

/* Each even rank of a node sends to the next. */
static void send_to_neighbour(struct rank *rank, void *argument)
{
    (void)argument;
    const int me = rank_number(rank);
    if (me % 2 == 0)
        rank_send(rank, rank_world(rank), me + 1, 0, MESSAGE_B);
    else
        rank_recv(rank, rank_world(rank), me - 1, 0, MESSAGE_B, NULL);
}

/* Four copies at once on four cores take as long as one. */
static void containers_that_share_memory_are_one_system(void **state)
{
    (void)state;
    struct platform native = toy_native(1, 8);
    struct platform containers = toy_virtual(1, 8, BACKEND_PER_VM);
    containers.virt.kind = VIRT_CONTAINER;
    containers.virt.same_host.via = SAME_HOST_SHARED_MEMORY;
    struct outcome bare = toy_run(&native, send_to_neighbour, NULL);
    struct outcome contained = toy_run(&containers, send_to_neighbour, NULL);
    toy_check_sums(&containers, &contained);
    gsl_test_rel(contained.elapsed_s, bare.elapsed_s, TIMING, "as under one operating system");
    assert_true(contained.layer_s[LAYER_GUEST_STACK] == 0.0);
    assert_true(contained.host_cpu_s[CPU_BACKEND] == 0.0);
    outcome_release(&bare);
    outcome_release(&contained);
    platform_release(&native);
    platform_release(&containers);
}

/* Over the bridge, the four share its 300 MB/s and pay for their stacks. */
static void containers_on_a_bridge_share_it(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(1, 8, BACKEND_NONE);
    platform.virt.kind = VIRT_CONTAINER;
    struct outcome outcome = toy_run(&platform, send_to_neighbour, NULL);
    const double sender_s = 10e-6 + MESSAGE_B * 1e-9, receiver_s = 16e-6 + MESSAGE_B * 2e-9;
    gsl_test_rel(outcome.elapsed_s, sender_s + 40e-6 + 4 * MESSAGE_B / 300e6 + receiver_s, TIMING,
                 "four at once");
    gsl_test_rel(outcome.layer_s[LAYER_GUEST_STACK], 9e-6, TIMING, "7 us and 11 us");
    outcome_release(&outcome);
    platform_release(&platform);
}

/* Rank 1 receives at once, or after as long as the argument says. */
static void receive_after(struct rank *rank, void *argument)
{
    const double *pause_s = argument;
    if (rank_number(rank) == 0) {
        rank_send(rank, rank_world(rank), 1, 0, MESSAGE_B);
        return;
    }
    struct request *receive = rank_irecv(rank, rank_world(rank), 0, 0, MESSAGE_B);
    const struct work pause = work_of(WORK_DGEMM, 2e9 * *pause_s, 0.0);
    if (*pause_s > 0.0)
        rank_compute(rank, &pause);
    rank_wait(rank, receive, NULL);
}

/* Sum over both ranks of the time of the guest's stack. */
static double guest_stack_s(const struct outcome *outcome)
{
    return 2.0 * outcome->layer_s[LAYER_GUEST_STACK];
}

/*
 * The bytes flow for 9.88 ms, in 824 packets that the guest takes 3.70 ms for. Who waits sees the
 * last one's part of that after the message, who computes all of it; the core works as much.
 */
static void a_guest_that_waits_takes_packets_as_they_come(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(2, 1, BACKEND_NONE);
    platform.virt.stack.recv_byte_s = parameter_exact(3e-9);
    platform.virt.interrupts.packets = parameter_exact(1.0);
    const double packets_s = MESSAGE_B * 3e-9;
    double at_once_s = 0.0, later_s = 0.02;
    struct outcome waited = toy_run(&platform, receive_after, &at_once_s);
    struct outcome computed = toy_run(&platform, receive_after, &later_s);
    gsl_test_rel(guest_stack_s(&waited), 18e-6 + packets_s / 824, TIMING, "the tail");
    gsl_test_rel(guest_stack_s(&computed), 18e-6 + packets_s, TIMING, "all of it");
    gsl_test_rel(computed.host_cpu_s[CPU_GUEST] - waited.host_cpu_s[CPU_GUEST], later_s, TIMING,
                 "work");
    outcome_release(&waited);
    outcome_release(&computed);
    platform_release(&platform);
}

/* Each guest of node 0 sends to one of node 1. */
static void send_to_other_node(struct rank *rank, void *argument)
{
    const int *n_guests = argument;
    const int me = rank_number(rank);
    if (me < *n_guests)
        rank_send(rank, rank_world(rank), me + *n_guests, 0, MESSAGE_B);
    else
        rank_recv(rank, rank_world(rank), me - *n_guests, 0, MESSAGE_B, NULL);
}

/* A backend that computes while it serves moves 1500 B in 30 us, on a wire that is no limit. */
static double rate_of_guests_Bps(int n_guests, int n_threads, double cpu_share)
{
    struct platform platform = toy_virtual(2, n_guests, BACKEND_PER_VM);
    platform.n_cores = platform.n_threads = platform.node.n_cores_per_socket = n_threads;
    platform.link.bandwidth_Bps = parameter_exact(1e12);
    platform.virt.backend.message_s = parameter_exact(0.0);
    platform.virt.backend.cpu_share = parameter_exact(cpu_share);
    struct outcome outcome = toy_run(&platform, send_to_other_node, &n_guests);
    const double stacks_s = 26e-6 + MESSAGE_B * 3e-9, latency_s = 50e-6 + 2 * 13e-6 + 30e-6;
    const double s = outcome.elapsed_s - stacks_s - latency_s;
    outcome_release(&outcome);
    platform_release(&platform);
    return n_guests * MESSAGE_B / s;
}

static void backends_of_many_guests_share_the_hosts_cores(void **state)
{
    (void)state;
    const double one_Bps = rate_of_guests_Bps(1, 4, 1.0);
    gsl_test_rel(one_Bps, MESSAGE_B / (824 * 30e-6), TIMING, "824 packets");
    gsl_test_rel(rate_of_guests_Bps(4, 4, 1.0), 4 * one_Bps, TIMING, "a core for each");
    gsl_test_rel(rate_of_guests_Bps(4, 3, 1.0), 3 * one_Bps, TIMING, "four on three cores");
    gsl_test_rel(rate_of_guests_Bps(4, 3, 0.5), 4 * one_Bps, TIMING, "at work half of the time");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(containers_that_share_memory_are_one_system),
        cmocka_unit_test(containers_on_a_bridge_share_it),
        cmocka_unit_test(a_guest_that_waits_takes_packets_as_they_come),
        cmocka_unit_test(backends_of_many_guests_share_the_hosts_cores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) || gsl_test_summary();
}
