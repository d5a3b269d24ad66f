/*
 * Files in page caches, guests' images and on disks: values worked by hand, and the properties that
 * the headers promise.
 */
#include "models/page_cache.h"
#include "models/storage.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_math.h>

#define assert_close(actual, expected) assert_int_equal(gsl_fcmp((actual), (expected), 1e-12), 0)

static struct parameter exact(double value)
{
    return parameter_exact(value);
}

/* Reads 71.3 MB/s, writes 53.7 MB/s, 8.1 us an operation, 9.7 ms a seek, 6.1 ms a turn. */
static struct node_profile node(void)
{
    return (struct node_profile){
        .disk = {exact(71.3e6), exact(53.7e6), exact(8.1e-6), exact(9.7e-3), exact(6.1e-3)},
        .page_cache = {exact(0.9), exact(0.4), exact(131072.0), exact(1e6), exact(1.3e9)}};
}

static struct link_profile gigabit(void)
{
    return (struct link_profile){.bandwidth_Bps = exact(125e6),
                                 .latency_s = exact(23.7e-6),
                                 .mtu_B = 1500,
                                 .packet_header_B = 52,
                                 .frame_overhead_B = 38};
}

static struct virt_profile without_costs(enum virt_kind kind)
{
    return (struct virt_profile){.kind = kind, .disk.write_amplification = exact(1.0)};
}

/* Requests of at most 500 kB and 210 us each; vmdk writes a table for each 64 kB. */
static struct virt_profile hypervisor(void)
{
    struct virt_profile virt = without_costs(VIRT_HYPERVISOR);
    virt.disk.request_B = exact(500e3);
    virt.disk.request_s = exact(210e-6);
    for (int cache = 0; cache < N_IMAGE_CACHES; cache++)
        virt.disk.driver[IMAGE_VMDK][cache] =
            (struct image_driver){.piece_B = exact(64e3), .metadata = exact(1.0)};
    virt.disk.driver[IMAGE_QCOW2][IMAGE_CACHE_NONE].extent_B = exact(100e3);
    return virt;
}

/* The parts that a struct storage borrows. */
struct parts {
    struct node_profile node;
    struct link_profile link;
    struct virt_profile virt;
};

static struct parts parts_of(struct virt_profile virt)
{
    return (struct parts){node(), gigabit(), virt};
}

/* 4 GB for the system, and 6 GB of the host beside a guest. */
static struct storage storage_on(const struct parts *parts)
{
    return (struct storage){.node = &parts->node,
                            .link = &parts->link,
                            .virt = &parts->virt,
                            .system_memory_B = 4e9,
                            .host_memory_B = 6e9,
                            .n_ranks_of_system = 2,
                            .n_ranks_of_node = 2};
}

static double alone_s(const struct storage *storage, const struct disk_access *access)
{
    const struct storage_cost cost = storage_cost_of(storage, access);
    return storage_cost_alone_s(&cost);
}

static struct disk_access file(enum disk_operation operation, enum disk_order order, double file_B)
{
    return (struct disk_access){.operation = operation,
                                .order = order,
                                .record_B = 1e6,
                                .n_records = file_B / 1e6,
                                .is_buffered = true};
}

/* --- drive --------------------------------------------------------------------------------- */

static void a_disk_adds_up_what_it_is_asked(void **state)
{
    (void)state;
    const struct node_profile n = node();
    const struct disk_work work = {
        .read_B = 713e3, .written_B = 107.4e3, .n_waits = 3, .n_waited_turns = 5, .n_seeks = 7};
    assert_close(disk_work_s(&n.disk, &work), 0.01 + 0.002 + 3 * 8.1e-6 + 5 * 6.1e-3 + 7 * 9.7e-3);
}

/* 1000 writes of 53.7 kB: 8.1 us and 1 ms each; a seek for the first and a turn for each other. */
static void direct_writes_wait_for_turns_in_order_and_for_seeks_at_random(void **state)
{
    (void)state;
    const struct parts parts = parts_of(without_costs(VIRT_NATIVE));
    const struct storage storage = storage_on(&parts);
    struct disk_access access = {.operation = DISK_WRITE, .record_B = 53.7e3, .n_records = 1000};
    assert_close(alone_s(&storage, &access), 9.7e-3 + 999 * 6.1e-3 + 1000 * (8.1e-6 + 1e-3));
    access.order = DISK_RANDOM;
    assert_close(alone_s(&storage, &access), 1000 * (9.7e-3 + 8.1e-6 + 1e-3));
    access.operation = DISK_READ;
    assert_close(alone_s(&storage, &access), 1000 * (9.7e-3 + 8.1e-6 + 53.7e3 / 71.3e6));
    access.n_records = 0;
    assert_true(alone_s(&storage, &access) == 0.0);
}

/* The same file in larger records: fewer operations and seeks. One record is the same both ways. */
static void larger_records_never_make_direct_reads_slower(void **state)
{
    (void)state;
    const struct parts parts = parts_of(without_costs(VIRT_NATIVE));
    const struct storage storage = storage_on(&parts);
    for (int order = DISK_SEQUENTIAL; order <= DISK_RANDOM; order++) {
        double last_s = INFINITY;
        for (double record_B = 512; record_B <= 1 << 26; record_B *= 2) {
            struct disk_access access = {
                .order = order, .record_B = record_B, .n_records = (1 << 26) / record_B};
            const double s = alone_s(&storage, &access);
            access.order = DISK_SEQUENTIAL;
            assert_true(s < last_s && s >= alone_s(&storage, &access));
            last_s = s;
        }
        assert_close(last_s, 9.7e-3 + 8.1e-6 + (1 << 26) / 71.3e6);
    }
}

/* --- page cache ---------------------------------------------------------------------------- */

/* A cache with least recently used pages, page by page: the slow way. */
static double hits_by_hand(int n_pages, int n_fit, const int order[])
{
    int *last_use = calloc((size_t)n_pages, sizeof *last_use);
    int n_hits = 0;
    assert_non_null(last_use);
    for (int page = 0; page < n_pages; page++)
        last_use[page] = page + 1;
    for (int i = 0; i < n_pages; i++) {
        int n_younger = 0;
        for (int page = 0; page < n_pages; page++)
            n_younger += last_use[page] > last_use[order[i]];
        n_hits += n_younger < n_fit;
        last_use[order[i]] = n_pages + 1 + i;
    }
    free(last_use);
    return (double)n_hits / n_pages;
}

static void shuffle(int n, int order[])
{
    uint32_t state = 2463534242U;
    for (int i = n - 1; i > 0; i--) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        const int j = (int)(state % (uint32_t)(i + 1));
        const int kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

/* Of 3000 pages a share is found by chance within some percent. */
static void hits_are_those_of_a_cache_simulated_page_by_page(void **state)
{
    (void)state;
    enum { N_PAGES = 3000 };
    static int order[N_PAGES];
    for (int i = 0; i < N_PAGES; i++)
        order[i] = i;
    assert_true(hits_by_hand(N_PAGES, N_PAGES - 1, order) == 0.0);
    assert_true(hits_by_hand(N_PAGES, N_PAGES, order) == 1.0);
    shuffle(N_PAGES, order);
    for (int n_fit = 300; n_fit < N_PAGES; n_fit += 450) {
        const struct page_cache cache = {.size_B = n_fit};
        assert_true(fabs(page_cache_hits(&cache, N_PAGES, DISK_RANDOM) -
                         hits_by_hand(N_PAGES, n_fit, order)) < 0.02);
    }
}

static void hits_rise_with_the_cache_to_everything(void **state)
{
    (void)state;
    double last = 0.0;
    for (double size_B = 0.0; size_B < 1e9; size_B += 3.7e6) {
        const struct page_cache cache = {.size_B = size_B};
        const double hits = page_cache_hits(&cache, 1e9, DISK_RANDOM);
        assert_true(hits >= last && hits <= 1.0);
        assert_true(page_cache_hits(&cache, 1e9, DISK_SEQUENTIAL) == 0.0);
        last = hits;
    }
    const struct page_cache all = {.size_B = 1e9};
    assert_true(page_cache_hits(&all, 1e9, DISK_RANDOM) == 1.0);
    assert_true(page_cache_hits(&all, 1e9, DISK_SEQUENTIAL) == 1.0);
}

/* 3.6 GB hold files, 1.44 GB of it may wait; with two files of each system's, half for each. */
static void writers_go_on_until_their_share_of_memory_waits(void **state)
{
    (void)state;
    const struct parts parts = parts_of(without_costs(VIRT_NATIVE));
    const struct storage storage = storage_on(&parts);
    struct disk_access access = file(DISK_WRITE, DISK_SEQUENTIAL, 8e9);
    assert_close(alone_s(&storage, &access), 9.7e-3 + (8e9 - 1.44e9) / 53.7e6);
    access.operation = DISK_FLUSH;
    assert_close(alone_s(&storage, &access), 9.7e-3 + 1.44e9 / 53.7e6);
    access.is_by_all = true;
    assert_close(alone_s(&storage, &access), 9.7e-3 + 0.72e9 / 53.7e6);
    const struct disk_access little = file(DISK_WRITE, DISK_RANDOM, 1e9);
    assert_close(alone_s(&storage, &little), 1e9 / 1.3e9);
}

/* Half of the file fits: 0.5 + 0.5 ln 0.5 of it is found. */
static void random_reads_find_a_part_of_a_file_that_reads_in_order_do_not(void **state)
{
    (void)state;
    const struct parts parts = parts_of(without_costs(VIRT_NATIVE));
    const struct storage storage = storage_on(&parts);
    const struct disk_access ordered = file(DISK_READ, DISK_SEQUENTIAL, 7.2e9);
    const struct disk_access random = file(DISK_READ, DISK_RANDOM, 7.2e9);
    const double missed = 0.5 - 0.5 * log(0.5);
    assert_close(alone_s(&storage, &ordered), 9.7e-3 + 7.2e9 / 71.3e6);
    assert_close(alone_s(&storage, &random), missed * (7200 * 9.7e-3 + 7.2e9 / 71.3e6));
    const struct disk_access small = file(DISK_READ, DISK_RANDOM, 3e9);
    assert_close(alone_s(&storage, &small), 3e9 / 1.3e9);
    struct disk_access input = small;
    input.is_foreign = true;
    assert_close(alone_s(&storage, &input), 3000 * 9.7e-3 + 3e9 / 71.3e6);
}

/* --- guests -------------------------------------------------------------------------------- */

static void a_block_device_without_costs_is_the_disk_itself(void **state)
{
    (void)state;
    const struct parts bare = parts_of(without_costs(VIRT_NATIVE));
    const struct parts guest = parts_of(without_costs(VIRT_HYPERVISOR));
    const struct parts container = parts_of(without_costs(VIRT_CONTAINER));
    const struct storage on_bare = storage_on(&bare), in_guest = storage_on(&guest),
                         in_container = storage_on(&container);
    for (int operation = DISK_READ; operation <= DISK_WRITE; operation++)
        for (int order = DISK_SEQUENTIAL; order <= DISK_RANDOM; order++) {
            const struct disk_access access = file(operation, order, 2e9);
            assert_close(alone_s(&in_container, &access), alone_s(&on_bare, &access));
            assert_close(alone_s(&in_guest, &access), alone_s(&on_bare, &access));
        }
    assert_false(storage_has_image(&in_guest));
    assert_false(storage_has_image(&in_container));
}

/* 16 requests of 500 kB, or 125 pieces of 64 kB that each take the head to a table and back. */
static void requests_and_pieces_are_waited_for_one_by_one(void **state)
{
    (void)state;
    const struct parts parts = parts_of(hypervisor());
    struct storage storage = storage_on(&parts);
    const struct disk_access access = {.operation = DISK_WRITE, .record_B = 8e6, .n_records = 1};
    const double bytes_s = 8e6 / 53.7e6;
    assert_close(alone_s(&storage, &access),
                 bytes_s + 16 * (8.1e-6 + 210e-6) + 15 * 6.1e-3 + 9.7e-3);
    storage.format = IMAGE_VMDK;
    assert_close(alone_s(&storage, &access),
                 bytes_s + 125 * (2 * 8.1e-6 + 210e-6) + (2 * 125 + 1) * 9.7e-3);
    const struct storage_cost cost = storage_cost_of(&storage, &access);
    assert_close(cost.backend_s, 125 * 210e-6);
}

/* The cache gathers small records that follow each other; direct ones go one by one. */
static void records_in_order_are_gathered_in_the_cache(void **state)
{
    (void)state;
    const struct parts parts = parts_of(hypervisor());
    const struct storage storage = storage_on(&parts);
    const struct disk_access large = file(DISK_WRITE, DISK_SEQUENTIAL, 8e9);
    struct disk_access small = large;
    small.record_B = 4e3;
    small.n_records = 2e6;
    assert_close(alone_s(&storage, &small), alone_s(&storage, &large));
    small.is_buffered = false;
    assert_true(alone_s(&storage, &small) > 10 * alone_s(&storage, &large));
}

/* 80000 extents of 100 kB. */
static void scattered_images_are_read_with_a_seek_for_each_extent(void **state)
{
    (void)state;
    const struct parts parts = parts_of(hypervisor());
    struct storage storage = storage_on(&parts);
    const struct disk_access access = file(DISK_READ, DISK_SEQUENTIAL, 8e9);
    const double together_s = alone_s(&storage, &access);
    storage.format = IMAGE_QCOW2;
    assert_close(alone_s(&storage, &access), together_s + 80000 * 9.7e-3);
}

/* 5.4 GB of the host's 6 GB may hold a file. */
static void the_host_serves_from_memory_what_fits_there(void **state)
{
    (void)state;
    const struct parts parts = parts_of(hypervisor());
    struct storage storage = storage_on(&parts);
    const struct disk_access access = file(DISK_READ, DISK_SEQUENTIAL, 5e9);
    const double from_disk_s = alone_s(&storage, &access);
    assert_close(from_disk_s, 9.7e-3 + 5e9 / 71.3e6);
    for (int cache = IMAGE_CACHE_WRITETHROUGH; cache <= IMAGE_CACHE_WRITEBACK; cache++) {
        storage.cache = cache;
        assert_close(alone_s(&storage, &access), 5e9 / 131072 * 210e-6 + 5e9 / 1.3e9);
    }
}

/* The guest hides 1.44 GB, the host 2.16 GB of what then leaves; a flush writes both. */
static void writeback_hides_what_the_host_has_room_for_and_a_flush_writes_it(void **state)
{
    (void)state;
    const struct parts parts = parts_of(hypervisor());
    struct storage storage = storage_on(&parts);
    struct disk_access access = file(DISK_WRITE, DISK_SEQUENTIAL, 8e9);
    double disk_s[N_IMAGE_CACHES], flush_s[N_IMAGE_CACHES];
    for (int cache = 0; cache < N_IMAGE_CACHES; cache++) {
        storage.cache = cache;
        access.operation = DISK_WRITE;
        disk_s[cache] = storage_cost_of(&storage, &access).disk_s;
        access.operation = DISK_FLUSH;
        flush_s[cache] = storage_cost_of(&storage, &access).disk_s;
    }
    const double per_B = 1 / 53.7e6 + (8.1e-6 + 6.1e-3) / 500e3;
    const double start_s = 9.7e-3 - 6.1e-3;
    assert_close(disk_s[IMAGE_CACHE_NONE], start_s + 6.56e9 * per_B);
    assert_close(disk_s[IMAGE_CACHE_WRITETHROUGH], disk_s[IMAGE_CACHE_NONE]);
    assert_close(disk_s[IMAGE_CACHE_WRITEBACK], start_s + 4.4e9 * per_B);
    assert_close(flush_s[IMAGE_CACHE_NONE], start_s + 1.44e9 * per_B);
    assert_close(flush_s[IMAGE_CACHE_WRITEBACK], start_s + 3.6e9 * per_B);
}

/* 1448 B of 1538 B on the wire. */
static void snapshots_read_input_from_their_backing_file_and_write_qcow2(void **state)
{
    (void)state;
    const struct parts parts = parts_of(hypervisor());
    struct storage storage = storage_on(&parts), qcow2 = storage_on(&parts);
    struct disk_access input = file(DISK_READ, DISK_SEQUENTIAL, 5e9);
    const double block_s = alone_s(&storage, &input);
    input.is_foreign = true;
    qcow2.format = IMAGE_QCOW2;
    storage.snapshot = SNAPSHOT_LOCAL;
    assert_close(alone_s(&storage, &input), block_s);
    storage.snapshot = SNAPSHOT_NFS;
    const struct storage_cost cost = storage_cost_of(&storage, &input);
    assert_close(cost.server_s, 5e9 / (125e6 * 1448 / 1538));
    assert_true(cost.disk_s == 0.0);
    const struct disk_access own = file(DISK_READ, DISK_SEQUENTIAL, 5e9);
    assert_close(alone_s(&storage, &own), alone_s(&qcow2, &own));
}

static void bytes_written_are_multiplied(void **state)
{
    (void)state;
    struct parts parts = parts_of(hypervisor());
    const struct storage storage = storage_on(&parts);
    const struct disk_access access = file(DISK_WRITE, DISK_SEQUENTIAL, 8e9);
    const double once_s = alone_s(&storage, &access);
    parts.virt.disk.write_amplification = exact(1.7);
    assert_close(alone_s(&storage, &access), once_s + 0.7 * 6.56e9 / 53.7e6);
}

/* --- all of it ----------------------------------------------------------------------------- */

/* Calls `visit` for every format, cache mode, snapshot and kind of access. */
static void for_all(void (*visit)(struct storage *storage, const struct disk_access *access))
{
    const struct parts parts = parts_of(hypervisor());
    struct storage storage = storage_on(&parts);
    const int n_cases = N_IMAGE_FORMATS * N_IMAGE_CACHES * N_IMAGE_SNAPSHOTS * 3 * 2 * 2 * 2;
    for (int i = 0; i < n_cases; i++) {
        int rest = i;
        storage.format = rest % N_IMAGE_FORMATS, rest /= N_IMAGE_FORMATS;
        storage.cache = rest % N_IMAGE_CACHES, rest /= N_IMAGE_CACHES;
        storage.snapshot = rest % N_IMAGE_SNAPSHOTS, rest /= N_IMAGE_SNAPSHOTS;
        struct disk_access access = file(rest % 3, rest / 3 % 2, 9e9);
        access.is_buffered = rest / 6 % 2;
        access.is_foreign = rest / 12 % 2;
        visit(&storage, &access);
    }
}

static void compare_memories(struct storage *storage, const struct disk_access *access)
{
    struct storage larger = *storage;
    larger.system_memory_B *= 1.7;
    const double s = alone_s(storage, access);
    assert_true(isfinite(s) && s >= 0.0);
    if (access->operation == DISK_FLUSH)
        return; /* there is more to flush */
    assert_true(alone_s(&larger, access) <= s);
    larger.host_memory_B *= 2.9;
    assert_true(alone_s(&larger, access) <= s);
}

static void more_memory_is_never_slower(void **state)
{
    (void)state;
    for_all(compare_memories);
}

static void compare_sizes(struct storage *storage, const struct disk_access *access)
{
    double last_s = 0.0;
    for (double n_records = 1; n_records < 1e5; n_records *= 2) {
        struct disk_access longer = *access;
        longer.n_records = n_records;
        const double s = alone_s(storage, &longer);
        assert_true(s >= last_s * (1 - 1e-12));
        last_s = s;
    }
}

static void more_records_never_take_less(void **state)
{
    (void)state;
    for_all(compare_sizes);
}

static void compare_costs(struct storage *storage, const struct disk_access *access)
{
    struct parts costly = {*storage->node, *storage->link, *storage->virt};
    struct storage there = *storage;
    const double s = alone_s(storage, access);
    there.node = &costly.node, there.link = &costly.link, there.virt = &costly.virt;
    struct parameter *const costs[] = {&costly.node.disk.latency_s, &costly.node.disk.seek_s,
                                       &costly.virt.disk.request_s, &costly.link.latency_s,
                                       &costly.virt.disk.write_amplification};
    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
        costs[i]->value *= 1.3;
        assert_true(alone_s(&there, access) >= s);
    }
}

static void every_cost_costs(void **state)
{
    (void)state;
    for_all(compare_costs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disk_adds_up_what_it_is_asked),
        cmocka_unit_test(direct_writes_wait_for_turns_in_order_and_for_seeks_at_random),
        cmocka_unit_test(larger_records_never_make_direct_reads_slower),
        cmocka_unit_test(hits_are_those_of_a_cache_simulated_page_by_page),
        cmocka_unit_test(hits_rise_with_the_cache_to_everything),
        cmocka_unit_test(writers_go_on_until_their_share_of_memory_waits),
        cmocka_unit_test(random_reads_find_a_part_of_a_file_that_reads_in_order_do_not),
        cmocka_unit_test(a_block_device_without_costs_is_the_disk_itself),
        cmocka_unit_test(requests_and_pieces_are_waited_for_one_by_one),
        cmocka_unit_test(records_in_order_are_gathered_in_the_cache),
        cmocka_unit_test(scattered_images_are_read_with_a_seek_for_each_extent),
        cmocka_unit_test(the_host_serves_from_memory_what_fits_there),
        cmocka_unit_test(writeback_hides_what_the_host_has_room_for_and_a_flush_writes_it),
        cmocka_unit_test(snapshots_read_input_from_their_backing_file_and_write_qcow2),
        cmocka_unit_test(bytes_written_are_multiplied),
        cmocka_unit_test(more_memory_is_never_slower),
        cmocka_unit_test(more_records_never_take_less),
        cmocka_unit_test(every_cost_costs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
