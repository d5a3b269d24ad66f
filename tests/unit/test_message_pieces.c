/* Pieces by message size: which one a size belongs to, and what it does to a message. */
#include "models/message_piece.h"
#include "models/network.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_math.h>

#define assert_close(actual, expected) assert_int_equal(gsl_fcmp((actual), (expected), 1e-12), 0)

static const struct host_load idle = {.n_cores = 4, .n_computing = 0};

static struct parameter exact(double value)
{
    return parameter_exact(value);
}

/* --- which piece ----------------------------------------------------------------------------- */

/* The obvious way. */
static const struct message_piece *last_that_begins(const struct message_pieces *pieces,
                                                    double size_B)
{
    const struct message_piece *found = NULL;
    for (int i = 0; i < pieces->n; i++)
        if (pieces->items[i].from_B <= size_B)
            found = &pieces->items[i];
    return found;
}

static void a_size_belongs_to_the_last_piece_that_begins_no_later(void **state)
{
    (void)state;
    struct message_pieces pieces;
    struct random_stream stream = random_stream_for(7, "edges", 0);
    for (pieces.n = 1; pieces.n <= MAX_MESSAGE_PIECES; pieces.n++)
        for (int trial = 0; trial < 50; trial++) {
            pieces.items[0].from_B = 0.0;
            for (int i = 1; i < pieces.n; i++)
                pieces.items[i].from_B =
                    pieces.items[i - 1].from_B + 1.0 + floor(4e3 * random_uniform(&stream));
            for (int i = 0; i < pieces.n; i++)
                for (double off_B = -1.0; off_B <= 1.0; off_B++) {
                    const double size_B = fmax(0.0, pieces.items[i].from_B + off_B);
                    assert_ptr_equal(message_piece_at(&pieces, size_B),
                                     last_that_begins(&pieces, size_B));
                }
            assert_ptr_equal(message_piece_at(&pieces, 1e12), &pieces.items[pieces.n - 1]);
        }
}

static void where_there_are_no_pieces_no_size_has_one(void **state)
{
    (void)state;
    const struct message_pieces none = {.n = 0};
    assert_null(message_piece_at(&none, 0.0));
    assert_null(message_piece_at(&none, 23850.0));
}

/* --- what it does ---------------------------------------------------------------------------- */

/* Guests whose stack, backend and interrupts cost something, on a wire with headers. */
struct world {
    struct node_profile node;
    struct link_profile link;
    struct mpi_profile mpi;
    struct virt_profile virt;
    struct network net;
};

static void world_init(struct world *w)
{
    *w = (struct world){
        .link = {.bandwidth_Bps = exact(937e6),
                 .latency_s = exact(2.9e-6),
                 .mtu_B = 1500,
                 .packet_header_B = 52,
                 .frame_overhead_B = 38},
        .mpi = {.wait = MPI_WAIT_BLOCKS,
                .eager_threshold_B = 12288,
                .local_eager_threshold_B = 4096,
                .send_message_s = exact(0.71e-6),
                .send_byte_s = exact(0.13e-9),
                .recv_message_s = exact(0.83e-6),
                .recv_byte_s = exact(0.29e-9),
                .local_latency_s = exact(0.61e-6),
                .local_bandwidth_Bps = exact(1.13e9)},
        .virt = {.kind = VIRT_HYPERVISOR,
                 .stack = {exact(1.1e-6), exact(0.17e-9), exact(1.3e-6), exact(0.19e-9)},
                 .backend = {.scope = BACKEND_PER_VM,
                             .packet_s = exact(1.7e-6),
                             .latency_s = exact(3.7e-6),
                             .cpu_share = exact(0.7),
                             .busy_factor = exact(1.5),
                             .busy_smp_factor = exact(1)},
                 .interrupts = {exact(1.7e-6), exact(5), exact(3.1e-6)},
                 .same_host = {.via = SAME_HOST_NETWORK,
                               .latency_s = exact(7.3e-6),
                               .bandwidth_Bps = exact(0.87e9)}}};
    w->net = (struct network){
        .node = &w->node, .link = &w->link, .mpi = &w->mpi, .virt = &w->virt, .n_vcpus = 1};
}

static const struct message_piece neutral = {.slowdown = {.value = 1.0}};

/* Three pieces, of which that of 2 KiB to 32 KiB is `middle`. */
static struct message_pieces around(const struct message_piece *first,
                                    const struct message_piece *middle)
{
    struct message_pieces pieces = {3, {*first, *middle, *first}};
    pieces.items[1].from_B = 2048.0;
    pieces.items[2].from_B = 32768.0;
    return pieces;
}

struct costs {
    struct stack_cost send, recv;
    struct transfer transfer;
    double backend_s;
};

static struct costs costs_of(const struct world *w, enum path path, double size_B)
{
    return (struct costs){.send = network_send_cost(&w->net, path, size_B),
                          .recv = network_recv_cost(&w->net, path, size_B),
                          .transfer = network_transfer(&w->net, path, size_B, &idle, &idle),
                          .backend_s = network_backend_cpu_s(&w->net, path, size_B)};
}

static void assert_same(const struct costs *a, const struct costs *b, double size_B)
{
    assert_close(stack_cost_s(&a->send), stack_cost_s(&b->send));
    assert_close(stack_cost_s(&a->recv), stack_cost_s(&b->recv));
    assert_close(transfer_duration_s(&a->transfer, size_B),
                 transfer_duration_s(&b->transfer, size_B));
    assert_close(a->transfer.wire_s, b->transfer.wire_s);
    assert_close(a->backend_s, b->backend_s);
    assert_true(a->transfer.spread == 0.0 && b->transfer.spread == 0.0);
}

/* A library's piece that says what the profile says anyway, and a guest's that adds nothing. */
static void neutral_pieces_change_nothing(void **state)
{
    (void)state;
    struct world plain, w;
    world_init(&plain);
    world_init(&w);
    struct message_piece as_profile = neutral;
    as_profile.send_message_s = w.mpi.send_message_s;
    as_profile.send_byte_s = w.mpi.send_byte_s;
    as_profile.recv_message_s = w.mpi.recv_message_s;
    as_profile.recv_byte_s = w.mpi.recv_byte_s;
    w.mpi.sizes = w.mpi.local_sizes = around(&as_profile, &as_profile);
    w.virt.sizes = w.virt.same_host.sizes = around(&neutral, &neutral);
    for (int path = 0; path < N_PATH; path++)
        for (double size_B = 0; size_B < 1e8; size_B = size_B * 1.7 + 1) {
            const struct costs with = costs_of(&w, (enum path)path, size_B);
            const struct costs without = costs_of(&plain, (enum path)path, size_B);
            assert_same(&with, &without, size_B);
        }
}

static struct message_piece calibrated(void)
{
    return (struct message_piece){.send_message_s = exact(5.3e-6),
                                  .send_byte_s = exact(0.41e-9),
                                  .recv_message_s = exact(6.1e-6),
                                  .recv_byte_s = exact(0.47e-9),
                                  .latency_s = exact(4.3e-6),
                                  .slowdown = exact(1.9),
                                  .spread = exact(0.23)};
}

/* Bare nodes without headers: 4 KiB take what the header of network.h says. */
static void a_native_message_is_the_sum_that_the_header_tells(void **state)
{
    (void)state;
    struct world w;
    world_init(&w);
    const struct message_piece piece = calibrated();
    w.virt.kind = VIRT_NATIVE;
    w.link.packet_header_B = w.link.frame_overhead_B = 0;
    w.mpi.sizes = around(&neutral, &piece);
    const struct costs far = costs_of(&w, PATH_OTHER_HOST, 4096);
    assert_close(stack_cost_s(&far.send), 5.3e-6 + 4096 * 0.41e-9);
    assert_close(stack_cost_s(&far.recv), 6.1e-6 + 4096 * 0.47e-9);
    assert_close(transfer_duration_s(&far.transfer, 4096), 2.9e-6 + 4.3e-6 + 1.9 * 4096 / 937e6);
    assert_close(far.transfer.wire_s, transfer_duration_s(&far.transfer, 4096));
    assert_close(far.transfer.spread, 0.23);

    const struct costs near = costs_of(&w, PATH_SAME_DOMAIN, 4096);
    assert_close(stack_cost_s(&near.send), 0.71e-6 + 4096 * 0.13e-9);
    assert_close(transfer_duration_s(&near.transfer, 4096), 0.61e-6 + 4096 / 1.13e9);
    w.mpi.local_sizes = around(&neutral, &piece);
    const struct costs measured = costs_of(&w, PATH_SAME_DOMAIN, 4096);
    assert_close(stack_cost_s(&measured.recv), 6.1e-6 + 4096 * 0.47e-9);
    assert_close(transfer_duration_s(&measured.transfer, 4096),
                 0.61e-6 + 4.3e-6 + 1.9 * 4096 / 1.13e9);
    assert_close(measured.transfer.wire_s, transfer_duration_s(&measured.transfer, 4096));
}

/* Guests add to the library's pieces; the way between two of a host is nobody's but theirs. */
static void guests_add_to_what_the_library_takes(void **state)
{
    (void)state;
    struct world w, bare;
    world_init(&w);
    const struct message_piece piece = calibrated();
    struct message_piece added = calibrated();
    added.latency_s = exact(8.9e-6);
    added.slowdown = exact(1.3);
    w.virt.stack = (struct guest_stack){exact(0), exact(0), exact(0), exact(0)};
    w.virt.backend.scope = BACKEND_NONE;
    w.virt.interrupts = (struct interrupts){exact(0), exact(1), exact(0)};
    w.link.packet_header_B = w.link.frame_overhead_B = 0;
    w.mpi.sizes = around(&neutral, &piece);
    w.virt.sizes = w.virt.same_host.sizes = around(&neutral, &added);
    bare = w;
    bare.net.virt = &bare.virt;
    bare.virt.kind = VIRT_NATIVE;

    const struct costs far = costs_of(&w, PATH_OTHER_HOST, 4096);
    const struct costs native = costs_of(&bare, PATH_OTHER_HOST, 4096);
    assert_close(far.send.guest_s, 5.3e-6 + 4096 * 0.41e-9);
    assert_close(far.recv.guest_s, 6.1e-6 + 4096 * 0.47e-9);
    assert_close(far.send.native_s, native.send.native_s);
    assert_true(native.send.guest_s == 0.0 && far.recv.arriving_s == 0.0);
    assert_close(transfer_duration_s(&far.transfer, 4096),
                 2.9e-6 + 4.3e-6 + 8.9e-6 + 1.9 * 1.3 * 4096 / 937e6);
    assert_close(far.transfer.wire_s, native.transfer.wire_s);

    const struct costs near = costs_of(&w, PATH_SAME_HOST, 4096);
    assert_close(stack_cost_s(&near.send), 2 * (5.3e-6 + 4096 * 0.41e-9));
    assert_close(transfer_duration_s(&near.transfer, 4096), 7.3e-6 + 8.9e-6 + 1.3 * 4096 / 0.87e9);
    assert_close(near.transfer.spread, 0.23);
}

/* The library's slow bytes hide behind a slower backend; the guest's slow down the whole way. */
static void the_slowest_stage_hides_the_wires_slowdown_and_not_the_guests(void **state)
{
    (void)state;
    struct world plain, w;
    struct message_piece slow = neutral;
    slow.slowdown = exact(1.9);
    world_init(&plain);
    plain.virt.backend.packet_s = exact(23e-6);
    w = plain;
    w.net = (struct network){
        .node = &w.node, .link = &w.link, .mpi = &w.mpi, .virt = &w.virt, .n_vcpus = 1};
    w.mpi.sizes = around(&neutral, &slow);
    const struct transfer before = costs_of(&plain, PATH_OTHER_HOST, 4096).transfer;
    const struct transfer behind = costs_of(&w, PATH_OTHER_HOST, 4096).transfer;
    assert_close(transfer_duration_s(&behind, 4096), transfer_duration_s(&before, 4096));
    w.virt.sizes = around(&neutral, &slow);
    const struct transfer all = costs_of(&w, PATH_OTHER_HOST, 4096).transfer;
    assert_close(transfer_duration_s(&all, 4096) - all.latency_s,
                 1.9 * (transfer_duration_s(&before, 4096) - before.latency_s));
}

static void nothing_gets_faster_when_a_piece_costs_more(void **state)
{
    (void)state;
    for (int path = 0; path < N_PATH; path++)
        for (double size_B = 0; size_B < 1e8; size_B = size_B * 1.7 + 1)
            for (double more = 1.0; more < 40.0; more *= 2.3) {
                struct world a, b;
                world_init(&a);
                world_init(&b);
                struct message_piece piece = calibrated();
                a.mpi.sizes = a.virt.sizes = around(&neutral, &piece);
                a.mpi.local_sizes = a.virt.same_host.sizes = a.mpi.sizes;
                piece.latency_s.value *= more;
                piece.slowdown.value *= more;
                piece.recv_byte_s.value *= more;
                b.mpi.sizes = b.virt.sizes = around(&neutral, &piece);
                b.mpi.local_sizes = b.virt.same_host.sizes = b.mpi.sizes;
                const struct costs less = costs_of(&a, (enum path)path, size_B);
                const struct costs dear = costs_of(&b, (enum path)path, size_B);
                assert_true(transfer_duration_s(&less.transfer, size_B) <=
                            transfer_duration_s(&dear.transfer, size_B));
                assert_true(stack_cost_s(&less.recv) <= stack_cost_s(&dear.recv));
                assert_true(less.backend_s <= dear.backend_s * (1 + 1e-12));
            }
}

static void the_local_threshold_is_of_messages_under_one_system(void **state)
{
    (void)state;
    struct world w;
    world_init(&w);
    assert_close(network_eager_threshold_B(&w.mpi, PATH_SAME_DOMAIN), 4096);
    assert_close(network_eager_threshold_B(&w.mpi, PATH_SAME_HOST), 12288);
    assert_close(network_eager_threshold_B(&w.mpi, PATH_OTHER_HOST), 12288);
}

/* --- jitter ---------------------------------------------------------------------------------- */

/* (1 + 0.3^2)(1 + 0.4^2) - 1 is 0.2644. */
static void spreads_of_independent_factors_combine_as_variances_do(void **state)
{
    (void)state;
    assert_close(message_spread_of_both(0.3, 0.4), sqrt(0.2644));
    assert_true(message_spread_of_both(0.0, 0.3) == 0.3);
    assert_true(message_spread_of_both(0.3, 0.0) == 0.3);
    for (double a = 0.0; a < 10.0; a = 1.7 * a + 0.01)
        for (double b = 0.0; b < 10.0; b = 1.7 * b + 0.01) {
            assert_true(message_spread_of_both(a, b) >= fmax(a, b));
            assert_close(message_spread_of_both(a, b), message_spread_of_both(b, a));
        }
}

static void a_message_without_spread_draws_nothing(void **state)
{
    (void)state;
    struct transfer transfer = {.latency_s = 3e-6, .rate_Bps = 1e9, .rate_factor = 0.7};
    struct random_stream stream = random_stream_for(7, "jitter", 0);
    const uint64_t before = stream.state;
    transfer_draw(&transfer, &stream);
    assert_true(stream.state == before);
    assert_true(transfer.latency_s == 3e-6 && transfer.rate_factor == 0.7);
}

/* Means of 40000 draws are within 5 standard errors: 5 x 0.3 / 200. */
static void jitter_stretches_all_of_the_way_and_is_1_on_average(void **state)
{
    (void)state;
    enum { N = 40000 };
    const struct transfer usual = {
        .latency_s = 3e-6, .rate_Bps = 1e9, .rate_factor = 0.7, .wire_s = 5e-6, .spread = 0.3};
    struct random_stream stream = random_stream_for(7, "jitter", 0);
    double sum = 0.0, sum_of_squares = 0.0;
    for (int i = 0; i < N; i++) {
        struct transfer drawn = usual;
        transfer_draw(&drawn, &stream);
        const double factor = drawn.latency_s / usual.latency_s;
        assert_true(drawn.spread == 0.0);
        assert_close(drawn.wire_s, factor * usual.wire_s);
        assert_close(transfer_duration_s(&drawn, 23850),
                     factor * transfer_duration_s(&usual, 23850));
        sum += factor;
        sum_of_squares += factor * factor;
    }
    const double mean = sum / N;
    assert_true(fabs(mean - 1.0) < 5 * 0.3 / 200);
    assert_true(fabs(sqrt(sum_of_squares / N - mean * mean) - 0.3) < 0.02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_size_belongs_to_the_last_piece_that_begins_no_later),
        cmocka_unit_test(where_there_are_no_pieces_no_size_has_one),
        cmocka_unit_test(neutral_pieces_change_nothing),
        cmocka_unit_test(a_native_message_is_the_sum_that_the_header_tells),
        cmocka_unit_test(guests_add_to_what_the_library_takes),
        cmocka_unit_test(the_slowest_stage_hides_the_wires_slowdown_and_not_the_guests),
        cmocka_unit_test(nothing_gets_faster_when_a_piece_costs_more),
        cmocka_unit_test(the_local_threshold_is_of_messages_under_one_system),
        cmocka_unit_test(spreads_of_independent_factors_combine_as_variances_do),
        cmocka_unit_test(a_message_without_spread_draws_nothing),
        cmocka_unit_test(jitter_stretches_all_of_the_way_and_is_1_on_average),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
