/*
 * A platform's costs as SMPI's tables of lines: the same ping-pong.
 */
#include "models/random.h"
#include "sim/platform/export.h"
#include "toy_cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sizes up to 256 MiB, evenly in logarithm. */
static double draw_size(int i)
{
    struct random_stream stream = random_stream_for(3, "size", (uint64_t)i);
    return floor(pow(2.0, 28.0 * random_uniform(&stream)));
}

static void compare(const struct platform *platform, const char *name)
{
    struct export_costs costs;
    export_costs_of(platform, &costs);
    for (int i = 0; i < 400; i++) {
        const double size_B = draw_size(i);
        gsl_test_rel(export_half_round_trip_s(&costs, size_B),
                     export_own_half_round_trip_s(platform, size_B), 0.02, "%s: %.0f B", name,
                     size_B);
    }
    for (int i = 0; i < costs.n; i++) {
        assert_true(costs.piece[i].latency_factor >= 0.0 && costs.piece[i].bandwidth_factor > 0.0);
        assert_true(costs.piece[i].bandwidth_factor <= 1.0 + 1e-12);
        assert_true(i == 0 || costs.piece[i].from_B > costs.piece[i - 1].from_B);
    }
}

static void a_ping_pong_takes_as_long(void **state)
{
    (void)state;
    struct platform native = toy_native(2, 1), local = toy_native(1, 2);
    struct platform virtual = toy_virtual(2, 1, BACKEND_PER_VM);
    struct platform guests = toy_virtual(1, 2, BACKEND_PER_NODE);
    compare(&native, "between nodes");
    compare(&local, "within a node");
    compare(&virtual, "between guests");
    compare(&guests, "between guests of a node");
    platform_release(&native);
    platform_release(&local);
    platform_release(&virtual);
    platform_release(&guests);
    assert_int_equal(gsl_test_summary(), 0);
}

/* 3 us + 1 ns/B, 50 us + 8 ns/B, 5 us + 2 ns/B: 69 us of 1000 bytes. */
static void costs_are_those_worked_by_hand(void **state)
{
    (void)state;
    struct platform platform = toy_native(2, 1);
    struct export_costs costs;
    export_costs_of(&platform, &costs);
    gsl_test_rel(export_half_round_trip_s(&costs, 1000.0), 69e-6, 1e-9, "half a round trip");
    gsl_test_rel(costs.bandwidth_Bps, 125e6, 0.5, "bandwidth");
    gsl_test_rel(costs.piece[0].send.message_s, 3e-6, 1e-9, "send");
    gsl_test_rel(costs.piece[0].recv.byte_s, 2e-9, 1e-6, "receive");
    platform_release(&platform);
    assert_int_equal(gsl_test_summary(), 0);
}

/* SMPI charges no call of a rendezvous: they are part of the way. */
static void calls_of_a_rendezvous_are_part_of_the_way(void **state)
{
    (void)state;
    struct platform platform = toy_native(2, 1);
    struct export_costs costs;
    platform.mpi.eager_threshold_B = 5000.0;
    export_costs_of(&platform, &costs);
    for (int i = 0; i < costs.n; i++) {
        const struct export_piece *piece = &costs.piece[i];
        assert_int_equal(piece->from_B<5000.0, piece->send.message_s> 0.0);
        assert_int_equal(piece->from_B<5000.0, piece->recv.message_s> 0.0);
    }
    gsl_test_rel(export_half_round_trip_s(&costs, 10000.0), 168e-6, 1e-9, "all of it is there");
    platform_release(&platform);
    assert_int_equal(gsl_test_summary(), 0);
}

typedef void writer(const struct platform *platform, FILE *out);

static char *written(writer *write_to, const struct platform *platform)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    write_to(platform, out);
    fclose(out);
    return text;
}

static int count(const char *text, const char *word)
{
    int n = 0;
    for (const char *at = text; (at = strstr(at, word)) != NULL; at += strlen(word))
        n++;
    return n;
}

/* Three nodes of two guests: 36 routes, backends of each guest, one bridge a node. */
static void each_domain_reaches_each(void **state)
{
    (void)state;
    struct platform platform = toy_virtual(3, 2, BACKEND_PER_VM);
    char *text = written(export_simgrid, &platform), *hosts = written(export_hostfile, &platform);
    assert_int_equal(count(text, "<host id="), 6);
    assert_int_equal(count(text, "<route src="), 36);
    assert_int_equal(count(text, "<link id=\"backend-"), 6);
    assert_int_equal(count(text, "<link id=\"bridge-"), 3);
    assert_int_equal(count(text, "<link_ctn id=\"bridge-"), 6);
    assert_int_equal(count(hosts, "\n"), platform.n_ranks);
    free(text);
    free(hosts);
    platform_release(&platform);
}

/* L 50.008 us of a byte, o (3 + 5) / 2 us, g 8 ns of a byte at 125 MB/s, G 8 ns/B, O 1.5 ns/B. */
static void loggops_gets_its_parameters(void **state)
{
    (void)state;
    struct platform platform = toy_native(2, 1);
    char expected[120];
    char *text = written(export_loggops, &platform);
    snprintf(expected, sizeof expected, "-L 50008 -o 4000 -g 8 -G 8 -O 1.5 -S %.0f\n",
             platform.mpi.eager_threshold_B);
    assert_string_equal(text, expected);
    free(text);
    platform_release(&platform);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ping_pong_takes_as_long),
        cmocka_unit_test(costs_are_those_worked_by_hand),
        cmocka_unit_test(calls_of_a_rendezvous_are_part_of_the_way),
        cmocka_unit_test(each_domain_reaches_each),
        cmocka_unit_test(loggops_gets_its_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
