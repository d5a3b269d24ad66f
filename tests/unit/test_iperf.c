/*
 * The iperf workload.
 */
#include "benchmark.h"
#include "sim/workload/micro/iperf.h"

#include <gsl/gsl_test.h>

/* Streams begin and end a little apart, and ranks leave the barrier one after another. */
static const double ENDS = 2e-3;

/* 1000 blocks of 16 kB. */
static struct iperf_spec blocks(int n_streams, double window_B)
{
    return (struct iperf_spec){.n_streams = n_streams,
                               .receiver_stride = 1,
                               .write_B = 16e3,
                               .window_B = window_B,
                               .duration_s = 1,
                               .amount_B = 16e6};
}

static double measure(const struct scenario *scenario, const struct iperf_spec *spec,
                      const char *name)
{
    return benchmark(scenario, &workload_iperf, spec, name);
}

/* 118 MB/s are 944 Mbit/s; a block takes 135.593 us, of which 7.3 and 9.1 us are CPU time. */
static void a_stream_fills_the_wire_and_little_of_the_cpu(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 1);
    const struct iperf_spec spec = blocks(1, 128e3);

    gsl_test_rel(measure(&scenario, &spec, "iperf_Mbps"), 944.0, ENDS, "throughput");
    gsl_test_rel(measure(&scenario, &spec, "iperf_sender_cpu_percent"), 730.0 / 135.593, 5 * ENDS,
                 "sender");
    gsl_test_rel(measure(&scenario, &spec, "iperf_receiver_guest_cpu_percent"), 910.0 / 135.593,
                 5 * ENDS, "receiver");
    gsl_test_abs(measure(&scenario, &spec, "iperf_receiver_backend_cpu_percent"), 0.0, 1e-9,
                 "no backend");
    assert_int_equal(gsl_test_summary(), 0);
}

/*
 * One block under way: the receiver takes it in 9.1 us, then opens its window for the next, which
 * the sender has written meanwhile: 9.1 + 41 + 135.593 = 185.693 us a block.
 */
static void a_window_of_one_block_waits_for_each(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 1);
    const struct iperf_spec spec = blocks(1, 1.0);

    gsl_test_rel(measure(&scenario, &spec, "iperf_Mbps"), 8.0 * 16e3 / 185.693, ENDS, "throughput");
    assert_int_equal(gsl_test_summary(), 0);
}

/* 62 writes of 256 B travel as 15872 B do; they take the sender 7.3 us each, more than the wire. */
static void small_writes_travel_together(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 1);
    struct iperf_spec spec = blocks(1, 128e3);
    spec.write_B = 256.0;

    gsl_test_rel(measure(&scenario, &spec, "iperf_Mbps"), 8.0 * 256.0 / 7.3, ENDS, "throughput");
    gsl_test_rel(measure(&scenario, &spec, "iperf_sender_cpu_percent"), 100.0, ENDS, "sender");
    assert_int_equal(gsl_test_summary(), 0);
}

/* An amount and the duration that it takes give the same throughput. */
static void a_duration_shows_what_an_amount_does(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 1);
    struct iperf_spec spec = blocks(1, 64e3);
    const double by_amount = measure(&scenario, &spec, "iperf_Mbps");

    spec.amount_B = 0.0;
    spec.duration_s = 0.1356;
    gsl_test_rel(measure(&scenario, &spec, "iperf_Mbps"), by_amount, ENDS, "throughput");
    struct outcome outcome = benchmark_run(&scenario, &workload_iperf, &spec);
    gsl_test_rel(outcome.elapsed_s, 0.1356, 2e-2, "elapsed");
    outcome_release(&outcome);
    assert_int_equal(gsl_test_summary(), 0);
}

/* Two streams from one node to two nodes: ranks 0 and 1 to ranks 2 and 4. */
static void streams_share_the_senders_wire_and_receivers_have_their_own_cpus(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(3, 2);
    struct iperf_spec spec = blocks(2, 128e3);

    gsl_test_rel(measure(&scenario, &spec, "iperf_Mbps"), 944.0, ENDS, "to one host");
    const double one_host = measure(&scenario, &spec, "iperf_receiver_cpu_percent");
    spec.receiver_stride = 2;
    gsl_test_rel(measure(&scenario, &spec, "iperf_Mbps"), 944.0, ENDS, "to two hosts");
    gsl_test_rel(measure(&scenario, &spec, "iperf_stream_2_Mbps"), 472.0, ENDS, "each");
    gsl_test_rel(measure(&scenario, &spec, "iperf_receiver_cpu_percent"), one_host / 2.0, 5 * ENDS,
                 "CPU of each");
    assert_int_equal(gsl_test_summary(), 0);
}

/*
 * A backend for each guest, 5 us a packet of 1500 B and 20 ns a byte: 42.857 MB/s, and 60 % of a
 * core while it works. Two guests have two.
 */
static struct scenario guests(enum backend_scope scope)
{
    struct scenario scenario = benchmark_cluster(2, 4);
    struct virtualization_spec *virtualization = &scenario.virtualization;

    virtualization->technology.kind = VIRT_HYPERVISOR;
    for (int i = 0; i < N_WORK_CLASS; i++)
        virtualization->technology.efficiency[i] =
            (struct efficiency){parameter_exact(1), parameter_exact(1), parameter_exact(1)};
    virtualization->technology.backend = (struct backend){.scope = scope,
                                                          .packet_s = parameter_exact(5e-6),
                                                          .byte_s = parameter_exact(20e-9),
                                                          .byte_smp_s = parameter_exact(20e-9),
                                                          .cpu_share = parameter_exact(0.6),
                                                          .busy_factor = parameter_exact(1),
                                                          .busy_smp_factor = parameter_exact(1)};
    virtualization->technology.same_host.bandwidth_Bps = parameter_exact(300e6);
    virtualization->vms_per_node = 2;
    virtualization->vcpus = 1;
    virtualization->memory_B = 1e9;
    return scenario;
}

static void backends_of_guests_add_up_and_one_for_the_host_is_shared(void **state)
{
    (void)state;
    const struct iperf_spec one = {.n_streams = 1,
                                   .first_receiver = 2,
                                   .receiver_stride = 1,
                                   .write_B = 15e3,
                                   .window_B = 120e3,
                                   .amount_B = 15e6};
    struct iperf_spec two = one;
    two.n_streams = 2;
    const struct scenario per_vm = guests(BACKEND_PER_VM), per_node = guests(BACKEND_PER_NODE);
    const double backend_Mbps = 8e-6 * 1500 / 35e-6;

    gsl_test_rel(measure(&per_vm, &one, "iperf_Mbps"), backend_Mbps, ENDS, "one, its own");
    gsl_test_rel(measure(&per_vm, &two, "iperf_Mbps"), 2 * backend_Mbps, ENDS, "two, their own");
    gsl_test_rel(measure(&per_node, &two, "iperf_Mbps"), backend_Mbps, ENDS, "two, shared");
    gsl_test_rel(measure(&per_vm, &two, "iperf_sender_backend_cpu_percent"), 120.0, 5 * ENDS,
                 "CPU of two");
    gsl_test_rel(measure(&per_node, &two, "iperf_sender_backend_cpu_percent"), 60.0, 5 * ENDS,
                 "CPU of one");
    assert_int_equal(gsl_test_summary(), 0);
}

static void throughput_never_falls_with_window_write_or_bandwidth(void **state)
{
    (void)state;
    struct scenario scenario = benchmark_cluster(2, 1);
    double last = 0.0;

    for (double window_B = 4e3; window_B <= 256e3; window_B *= 2) {
        const struct iperf_spec spec = blocks(1, window_B);
        const double now = measure(&scenario, &spec, "iperf_Mbps");
        assert_true(now >= last * (1.0 - ENDS));
        last = now;
    }
    scenario.cluster.link.bandwidth_Bps = parameter_exact(250e6);
    const struct iperf_spec spec = blocks(1, 256e3);
    assert_true(measure(&scenario, &spec, "iperf_Mbps") > last);
}

static void prints_as_iperf_does(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 2);
    const struct iperf_spec spec = {.receiver_stride = 1, .window_B = 65536, .duration_s = 10};
    const struct metric metrics[] = {{.name = "iperf_Mbps", .value = 941},
                                     {.name = "iperf_stream_1_Mbps", .value = 940.02},
                                     {.name = "iperf_stream_2_Mbps", .value = 0.98}};
    benchmark_expect_print(&workload_iperf, &spec, &scenario, 3, metrics,
                           "------------------------------------------------------------\n"
                           "Client connecting to rank 2, TCP port 5001\n"
                           "TCP window size: 64.0 KByte\n"
                           "------------------------------------------------------------\n"
                           "[ ID] Interval       Transfer     Bandwidth\n"
                           "[  3]  0.0-10.0 sec  1.09 GBytes   940 Mbits/sec\n"
                           "[  4]  0.0-10.0 sec  1.17 MBytes   980 Kbits/sec\n"
                           "[SUM]  0.0-10.0 sec  1.10 GBytes   941 Mbits/sec\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_fills_the_wire_and_little_of_the_cpu),
        cmocka_unit_test(a_window_of_one_block_waits_for_each),
        cmocka_unit_test(small_writes_travel_together),
        cmocka_unit_test(a_duration_shows_what_an_amount_does),
        cmocka_unit_test(streams_share_the_senders_wire_and_receivers_have_their_own_cpus),
        cmocka_unit_test(backends_of_guests_add_up_and_one_for_the_host_is_shared),
        cmocka_unit_test(throughput_never_falls_with_window_write_or_bandwidth),
        cmocka_unit_test(prints_as_iperf_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
