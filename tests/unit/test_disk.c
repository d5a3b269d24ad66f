/*
 * The disk workload: IOzone's tests.
 */
#include "benchmark.h"
#include "sim/workload/micro/disk.h"

#include <gsl/gsl_test.h>
#include <math.h>

/* SimGrid's disk counts nanoseconds. */
static const double PRECISION = 1e-8;

/* Ranks leave the barrier before a test one after another. */
static const double START_PRECISION = 1e-6;

/* Reads 71.3 MB/s, writes 53.7 MB/s, 83 us an operation, 9.7 ms a seek. */
static struct scenario cluster(int n_nodes, int n_cores)
{
    struct scenario scenario = benchmark_cluster(n_nodes, n_cores);
    scenario.cluster.node.disk =
        (struct disk_profile){parameter_exact(71.3e6), parameter_exact(53.7e6),
                              parameter_exact(83e-6), parameter_exact(9.7e-3), parameter_exact(0)};
    return scenario;
}

/* 1000 records of 4 KiB, and some bytes that are no record. */
static struct disk_spec spec_of(enum ranks_at_work ranks)
{
    return (struct disk_spec){.ranks = ranks,
                              .file_B = 4096e3 + 100,
                              .min_record_B = 4096,
                              .max_record_B = 4096,
                              .is_direct = true};
}

/* Records of 4 KiB take 57.447 us to read and 76.276 us to write. */
static void each_test_takes_its_operations_seeks_and_bytes(void **state)
{
    (void)state;
    const struct scenario scenario = cluster(1, 1);
    const struct disk_spec spec = spec_of(RANKS_SINGLE);
    static const struct {
        const char *metric;
        double taken_s;
    } cases[] = {
        {"disk_write_MBps_4096B", 9.7e-3 + 1000 * (83e-6 + 4096 / 53.7e6)},
        {"disk_rewrite_MBps_4096B", 9.7e-3 + 1000 * (83e-6 + 4096 / 53.7e6)},
        {"disk_read_MBps_4096B", 9.7e-3 + 1000 * (83e-6 + 4096 / 71.3e6)},
        {"disk_reread_MBps_4096B", 9.7e-3 + 1000 * (83e-6 + 4096 / 71.3e6)},
        {"disk_random_read_MBps_4096B", 1000 * (9.7e-3 + 83e-6 + 4096 / 71.3e6)},
        {"disk_random_write_MBps_4096B", 1000 * (9.7e-3 + 83e-6 + 4096 / 53.7e6)},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        gsl_test_rel(benchmark(&scenario, &workload_disk, &spec, cases[i].metric),
                     4.096 / cases[i].taken_s, PRECISION, "%s", cases[i].metric);
    gsl_test_rel(benchmark(&scenario, &workload_disk, &spec, "disk_random_read_iops"),
                 1.0 / (9.7e-3 + 83e-6 + 4096 / 71.3e6), PRECISION, "operations a second");
    assert_int_equal(gsl_test_summary(), 0);
}

static void ranks_of_a_node_have_one_disk_and_nodes_have_their_own(void **state)
{
    (void)state;
    const struct disk_spec single = spec_of(RANKS_SINGLE), star = spec_of(RANKS_STAR);
    const char *name = "disk_random_read_iops";
    const struct scenario one = cluster(1, 1), shared = cluster(1, 3), several = cluster(3, 1);
    const double alone = benchmark(&one, &workload_disk, &single, name);

    gsl_test_rel(benchmark(&shared, &workload_disk, &single, name), alone, PRECISION, "single");
    gsl_test_rel(benchmark(&shared, &workload_disk, &star, name), alone, START_PRECISION,
                 "one disk");
    gsl_test_rel(benchmark(&several, &workload_disk, &star, name), 3 * alone, START_PRECISION,
                 "three");
    assert_int_equal(gsl_test_summary(), 0);
}

static void larger_records_and_better_disks_are_never_slower(void **state)
{
    (void)state;
    const struct disk_spec spec = {
        .file_B = 1 << 26, .min_record_B = 512, .max_record_B = 1 << 26, .is_direct = true};
    struct scenario usual = cluster(1, 1), flash = usual;
    flash.cluster.node.disk.seek_s = parameter_exact(0.0);
    struct outcome from = benchmark_run(&usual, &workload_disk, &spec);
    struct outcome to = benchmark_run(&flash, &workload_disk, &spec);

    for (int test = 0; test < 6; test++)
        for (int size = 0; size < 18; size++) {
            const double rate = from.records[6 * size + test].sum;
            assert_true(to.records[6 * size + test].sum > rate);
            assert_true(size == 0 || rate > from.records[6 * (size - 1) + test].sum);
        }
    outcome_release(&from);
    outcome_release(&to);
}

/* All time but that of the barriers. */
static void time_at_the_disk_is_the_disks(void **state)
{
    (void)state;
    const struct scenario scenario = cluster(1, 2);
    const struct disk_spec spec = spec_of(RANKS_STAR);
    struct outcome outcome = benchmark_run(&scenario, &workload_disk, &spec);

    assert_true(outcome.layer_s[LAYER_DISK] > 0.9999 * outcome.elapsed_s);
    assert_true(outcome.host_cpu_s[CPU_IDLE] > 0.9999 * 2 * outcome.elapsed_s);
    outcome_release(&outcome);
}

static void a_disk_without_any_cost_still_has_a_rate(void **state)
{
    (void)state;
    struct scenario scenario = benchmark_cluster(1, 1);
    const struct disk_spec spec = spec_of(RANKS_SINGLE);
    scenario.cluster.node.disk =
        (struct disk_profile){parameter_exact(1e300), parameter_exact(1e300), parameter_exact(0),
                              parameter_exact(0), parameter_exact(0)};
    assert_true(isfinite(benchmark(&scenario, &workload_disk, &spec, "disk_write_MBps")));
}

static void prints_as_iozone_does(void **state)
{
    (void)state;
    const struct disk_spec spec = {
        .file_B = 1 << 20, .min_record_B = 4096, .max_record_B = 8191, .is_direct = true};
    const struct metric metrics[] = {{.name = "disk_write_MBps_4096B", .value = 1.024},
                                     {.name = "disk_rewrite_MBps_4096B", .value = 2.048},
                                     {.name = "disk_read_MBps_4096B", .value = 10.24},
                                     {.name = "disk_reread_MBps_4096B", .value = 102.4},
                                     {.name = "disk_random_read_MBps_4096B", .value = 0.32},
                                     {.name = "disk_random_write_MBps_4096B", .value = 0.31}};
    benchmark_expect_print(
        &workload_disk, &spec, NULL, 6, metrics,
        "                                                              random    random\n"
        "              kB  reclen    write  rewrite    read    reread    read     write\n"
        "            1024       4     1000     2000    10000   100000      312      303\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_test_takes_its_operations_seeks_and_bytes),
        cmocka_unit_test(ranks_of_a_node_have_one_disk_and_nodes_have_their_own),
        cmocka_unit_test(larger_records_and_better_disks_are_never_slower),
        cmocka_unit_test(time_at_the_disk_is_the_disks),
        cmocka_unit_test(a_disk_without_any_cost_still_has_a_rate),
        cmocka_unit_test(prints_as_iozone_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
