/*
 * What registration and interrupts do to messages in a run.
 */
#include "toy_cluster.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* SimGrid rounds times to a nanosecond; what is compared here differs by tens of microseconds. */
static const double TIMING_S = 5e-9;

enum { MESSAGE_B = 100000, MOST_MESSAGES = 8 };

struct window {
    int n_messages;
    bool is_one_buffer;
    bool starts_at_receiver; /* its receives are late */
};

/* Rank 0 sends to rank 1 all at once. */
static void send_window(struct rank *rank, void *argument)
{
    const struct window *window = argument;
    struct request *requests[MOST_MESSAGES];
    struct comm *world = rank_world(rank);
    const struct work late = work_of(WORK_DGEMM, 2e6, 0.0);
    if (rank_number(rank) == 1 && window->starts_at_receiver)
        rank_compute(rank, &late);
    for (int i = 0; i < window->n_messages; i++) {
        const int tag = window->is_one_buffer ? 0 : i;
        requests[i] = rank_number(rank) == 0 ? rank_isend(rank, world, 1, tag, MESSAGE_B)
                                             : rank_irecv(rank, world, 0, tag, MESSAGE_B);
    }
    rank_wait_all(rank, window->n_messages, requests);
}

/* 20 us a registration on the bare node, 80 us more in a guest, above 70 kB. */
static void register_with_adapter(struct platform *platform, double cache_hits)
{
    platform->mpi.registration =
        (struct registration){.threshold_B = 70e3,
                              .cost = {parameter_exact(20e-6), parameter_exact(0.0)},
                              .cache_hits = parameter_exact(cache_hits)};
    platform->virt.registration.call_s = parameter_exact(80e-6);
    platform->virt.registration.page_s = parameter_exact(0.0);
}

/* Else the last messages' stack time would show how the wire was shared. */
static void make_receiving_free(struct platform *platform)
{
    platform->mpi.recv_message_s = parameter_exact(0.0);
    platform->mpi.recv_byte_s = parameter_exact(0.0);
    platform->virt.stack.recv_message_s = parameter_exact(0.0);
}

/* What registration adds to a run of the window in guests whose NIC is their own. */
static double added_s(struct window window, double cache_hits)
{
    struct platform platform = toy_virtual(2, 1, BACKEND_NONE);
    make_receiving_free(&platform);
    struct outcome without = toy_run(&platform, send_window, &window);
    register_with_adapter(&platform, cache_hits);
    struct outcome with = toy_run(&platform, send_window, &window);
    toy_check_sums(&platform, &with);
    const double s = with.elapsed_s - without.elapsed_s;
    outcome_release(&without);
    outcome_release(&with);
    platform_release(&platform);
    return s;
}

static void both_sides_register_before_a_byte_flows(void **state)
{
    (void)state;
    const struct window one = {.n_messages = 1},
                        late = {.n_messages = 1, .starts_at_receiver = true};
    gsl_test_abs(added_s(one, 0.0), 200e-6, TIMING_S, "both sides");
    gsl_test_abs(added_s(one, 0.75), 50e-6, TIMING_S, "with a cache");
    gsl_test_abs(added_s(one, 1.0), 0.0, TIMING_S, "with one that spares all");
    /* The sender is done with its own when the receiver comes. */
    gsl_test_abs(added_s(late, 0.0), 100e-6, TIMING_S, "the receiver alone");
}

/* The wire works from the first registration on, so a window shows no more than one message does.
 */
static void a_window_of_one_buffer_registers_once(void **state)
{
    (void)state;
    const struct window window = {.n_messages = MOST_MESSAGES, .is_one_buffer = true};
    gsl_test_abs(added_s(window, 0.0), 200e-6, TIMING_S, "once a side");
}

/* 100 kB take 800 us of the wire, behind which the other registrations hide. */
static void registrations_hide_behind_the_wire(void **state)
{
    (void)state;
    const struct window window = {.n_messages = MOST_MESSAGES};
    const double s = added_s(window, 0.0);
    assert_true(s > 200e-6 - TIMING_S && s < 200e-6 + 7 * 100e-6);
}

static void registration_is_the_ranks_cpu_time(void **state)
{
    (void)state;
    struct window window = {.n_messages = MOST_MESSAGES};
    struct platform platform = toy_virtual(2, 1, BACKEND_NONE);
    struct outcome without = toy_run(&platform, send_window, &window);
    register_with_adapter(&platform, 0.0);
    struct outcome with = toy_run(&platform, send_window, &window);
    gsl_test_abs(with.layer_s[LAYER_NATIVE_STACK] - without.layer_s[LAYER_NATIVE_STACK],
                 MOST_MESSAGES * 20e-6, TIMING_S, "mean of both sides, native");
    gsl_test_abs(with.layer_s[LAYER_GUEST_STACK] - without.layer_s[LAYER_GUEST_STACK],
                 MOST_MESSAGES * 80e-6, TIMING_S, "mean of both sides, added");
    outcome_release(&without);
    outcome_release(&with);
    platform_release(&platform);
}

/* 67 packets of 1500 B, four at a time: 17 interrupts of 3 us on one of two ranks, which waits for
 * the message and so takes all but the last while it arrives. */
static void interrupts_are_the_hypervisors_share_of_the_guests_stack(void **state)
{
    (void)state;
    struct window window = {.n_messages = 1};
    struct platform platform = toy_virtual(2, 1, BACKEND_NONE);
    struct outcome without = toy_run(&platform, send_window, &window);
    platform.virt.interrupts =
        (struct interrupts){parameter_exact(3e-6), parameter_exact(4.0), parameter_exact(9e-6)};
    struct outcome with = toy_run(&platform, send_window, &window);
    toy_check_sums(&platform, &with);
    gsl_test_abs(with.elapsed_s - without.elapsed_s, 12e-6, TIMING_S, "3 us and 9 us of delay");
    gsl_test_abs(with.layer_s[LAYER_GUEST_STACK] - without.layer_s[LAYER_GUEST_STACK], 1.5e-6,
                 TIMING_S, "mean of both ranks");
    gsl_test_abs(with.host_cpu_s[CPU_HYPERVISOR], 51e-6, TIMING_S, "hypervisor");
    gsl_test_abs(with.host_cpu_s[CPU_GUEST], without.host_cpu_s[CPU_GUEST], TIMING_S, "guest");
    outcome_release(&without);
    outcome_release(&with);
    platform_release(&platform);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_register_before_a_byte_flows),
        cmocka_unit_test(a_window_of_one_buffer_registers_once),
        cmocka_unit_test(registrations_hide_behind_the_wire),
        cmocka_unit_test(registration_is_the_ranks_cpu_time),
        cmocka_unit_test(interrupts_are_the_hypervisors_share_of_the_guests_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) || gsl_test_summary();
}
