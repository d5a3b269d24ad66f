/*
 * What a machine is made of, read from trees of files as kernels show them.
 */
#include "calibration/measure/environment_part.h"
#include "calibration/measure/system_file.h"
#include "fake_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

#define CPU "/sys/devices/system/cpu"

/* The part of a machine of these files; `root` is removed. */
static json_t *part_of(const struct fake_file files[],
                       json_t *(*part)(const struct environment_source *source))
{
    struct environment_source source = {.root = fake_tree_make(files)};
    json_t *all = part(&source);
    fake_tree_remove((char *)source.root);
    /* cppcheck-suppress returnDanglingLifetime ; nothing of the source is in what was read */
    return all;
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static const char *text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    assert_non_null(value);
    return value;
}

static void counts_what_a_list_of_cores_names(void **state)
{
    (void)state;
    assert_int_equal(number_list_count("0-3,8"), 5);
    assert_int_equal(number_list_count("17"), 1);
    assert_int_equal(number_list_count("0-1,4-5,12-15\n"), 8);
    assert_int_equal(number_list_count(""), 0);
    assert_int_equal(number_list_count("-3"), 0);
    assert_int_equal(number_list_count("5-2"), 0);
    assert_int_equal(number_list_count("all"), 0);
    assert_true(number_lists_meet("0-3,8", "8"));
    assert_true(number_lists_meet("1,6", "4-7"));
    assert_false(number_lists_meet("0-3,8", "4-7,9"));
    assert_false(number_lists_meet("", "4"));
}

static void reads_values_and_choices_out_of_texts(void **state)
{
    (void)state;
    const char info[] = "MemTotal:       24684084 kB\nMemFree:  1 kB\nmodel name\t: AMD EPYC\n";
    char *value = line_value(info, "model name");
    assert_string_equal(value, "AMD EPYC");
    free(value);
    value = line_value(info, "MemFree");
    assert_string_equal(value, "1 kB");
    free(value);
    assert_null(line_value(info, "Mem"));
    value = bracketed("none [mq-deadline] kyber");
    assert_string_equal(value, "mq-deadline");
    free(value);
    value = bracketed("none");
    assert_string_equal(value, "none");
    free(value);
    assert_null(bracketed(NULL));
}

/* A quota of 150 ms in 100 ms is one core and a half; the slice above allows less of memory. */
static void takes_the_tightest_bound_of_all_groups_above(void **state)
{
    (void)state;
    static const struct fake_file unified[] = {
        {"/proc/self/cgroup", "0::/user.slice/job.scope\n"},
        {"/sys/fs/cgroup/user.slice/job.scope/cpu.max", "150000 100000\n"},
        {"/sys/fs/cgroup/user.slice/job.scope/memory.max", "max\n"},
        {"/sys/fs/cgroup/user.slice/cpu.max", "max 100000\n"},
        {"/sys/fs/cgroup/user.slice/memory.max", "2385000000\n"},
        {NULL, NULL}};
    json_t *limits = part_of(unified, environment_limits);
    gsl_test_rel(number(limits, "cpu_cores"), 1.5, 1e-12, "cores");
    gsl_test_rel(number(limits, "memory_B"), 2385e6, 1e-12, "memory");
    json_decref(limits);
}

/* In a container, the path is the host's and the mount shows the container's own group as root. */
static void reads_quotas_of_the_first_version_of_control_groups(void **state)
{
    (void)state;
    static const struct fake_file docker[] = {
        {"/proc/self/cgroup", "7:memory:/docker/0a1b\n4:cpu,cpuacct:/docker/0a1b\n"},
        {"/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "75000\n"},
        {"/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "50000\n"},
        {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"},
        {NULL, NULL}};
    json_t *limits = part_of(docker, environment_limits);
    gsl_test_rel(number(limits, "cpu_cores"), 1.5, 1e-12, "cores of version 1");
    assert_null(json_object_get(limits, "memory_B"));
    json_decref(limits);
    static const struct fake_file unbounded[] = {
        {"/proc/self/cgroup", "4:cpu:/\n"},
        {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"},
        {"/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"},
        {NULL, NULL}};
    limits = part_of(unbounded, environment_limits);
    assert_null(json_object_get(limits, "cpu_cores"));
    json_decref(limits);
}

static void counts_only_cores_of_the_cpuset_as_usable(void **state)
{
    (void)state;
    static const struct fake_file files[] = {
        {CPU "/online", "0-15\n"},
        {"/proc/self/status", "Name:\tx\nCpus_allowed_list:\t3\n"},
        {"/proc/self/cgroup", "0::/job\n"},
        {"/sys/fs/cgroup/job/cpuset.cpus.effective", "2-7\n"},
        {NULL, NULL}};
    json_t *cores = part_of(files, environment_cores);
    gsl_test_rel(number(cores, "n_usable"), 6.0, 1e-12, "usable cores");
    assert_string_equal(text(cores, "affinity"), "3");
    json_decref(cores);
    json_t *without =
        part_of(&(const struct fake_file[]){files[0], {NULL, NULL}}[0], environment_cores);
    gsl_test_rel(number(without, "n_usable"), 16.0, 1e-12, "all cores");
    json_decref(without);
}

static void describes_processors_with_threads_and_governors(void **state)
{
    (void)state;
    static const struct fake_file files[] = {
        {"/proc/cpuinfo", "processor\t: 0\nmodel name\t: Xeon Gold 6130\nmicrocode\t: 0x2007006\n"
                          "cpu MHz\t\t: 2095.148\n"},
        {CPU "/online", "0-3\n"},
        {CPU "/cpu0/topology/thread_siblings_list", "0,2\n"},
        {CPU "/cpu1/topology/thread_siblings_list", "1,3\n"},
        {CPU "/cpu2/topology/thread_siblings_list", "0,2\n"},
        {CPU "/cpu3/topology/thread_siblings_list", "1,3\n"},
        {CPU "/cpu0/topology/physical_package_id", "0\n"},
        {CPU "/cpu1/topology/physical_package_id", "1\n"},
        {CPU "/cpu0/cpufreq/scaling_driver", "intel_pstate\n"},
        {CPU "/cpu0/cpufreq/scaling_governor", "powersave\n"},
        {CPU "/cpu1/cpufreq/scaling_governor", "performance\n"},
        {CPU "/cpu0/cpufreq/cpuinfo_max_freq", "3700000\n"},
        {CPU "/intel_pstate/no_turbo", "1\n"},
        {CPU "/smt/control", "on\n"},
        {CPU "/vulnerabilities/meltdown", "Mitigation: PTI\n"},
        {CPU "/cpu0/cache/index0/level", "3\n"},
        {CPU "/cpu0/cache/index0/size", "22528K\n"},
        {NULL, NULL}};
    json_t *cpu = part_of(files, environment_cpu);
    const json_t *frequency = json_object_get(cpu, "frequency");
    assert_string_equal(text(cpu, "model"), "Xeon Gold 6130");
    assert_string_equal(text(cpu, "microcode"), "0x2007006");
    assert_int_equal(json_array_size(json_object_get(cpu, "cores")), 2);
    gsl_test_rel(number(cpu, "sockets"), 2.0, 1e-12, "sockets");
    assert_int_equal(json_array_size(json_object_get(frequency, "governors")), 2);
    gsl_test_rel(number(frequency, "highest_Hz"), 3.7e9, 1e-12, "frequency");
    gsl_test_rel(number(frequency, "now_Hz"), 2.095148e9, 1e-12, "frequency now");
    assert_true(json_is_false(json_object_get(frequency, "turbo")));
    assert_string_equal(text(json_object_get(cpu, "vulnerabilities"), "meltdown"),
                        "Mitigation: PTI");
    gsl_test_rel(number(json_array_get(json_object_get(cpu, "caches"), 0), "size_B"),
                 22528.0 * 1024.0, 1e-12, "cache");
    json_decref(cpu);
}

static void describes_networks_and_disks(void **state)
{
    (void)state;
    static const struct fake_file files[] = {
        {"/sys/class/net/eth0/mtu", "9000\n"},
        {"/sys/class/net/eth0/speed", "25000\n"},
        {"/sys/class/net/eth0/device/driver", "-> ../../bus/pci/drivers/mlx5_core"},
        {"/sys/class/net/eth0/device/physfn", "-> ../0000:3b:00.0"},
        {"/sys/class/net/eth0/queues/rx-0/rps_cpus", "0\n"},
        {"/sys/class/net/eth0/queues/rx-1/rps_cpus", "0\n"},
        {"/sys/class/net/eth0/queues/tx-0/xps_cpus", "0\n"},
        {"/sys/class/net/veth1/mtu", "1500\n"},
        {"/sys/class/net/veth1/speed", "-1\n"},
        {"/sys/class/net/bonding_masters", "\n"},
        {NULL, NULL}};
    json_t *networks = part_of(files, environment_networks);
    assert_int_equal(json_array_size(networks), 2);
    const json_t *eth = json_array_get(networks, 0), *veth = json_array_get(networks, 1);
    gsl_test_rel(number(eth, "rate_bps"), 25e9, 1e-12, "rate");
    gsl_test_rel(number(eth, "n_receive_queues"), 2.0, 1e-12, "queues");
    assert_string_equal(text(eth, "driver"), "mlx5_core");
    assert_true(json_is_true(json_object_get(eth, "virtual_function")));
    assert_null(json_object_get(veth, "rate_bps"));
    json_decref(networks);

    static const struct fake_file disks[] = {
        {"/sys/block/loop0/size", "0\n"},
        {"/sys/block/vda/size", "41943040\n"},
        {"/sys/block/vda/queue/scheduler", "[none] mq-deadline\n"},
        {"/sys/block/vda/queue/rotational", "1\n"},
        {NULL, NULL}};
    json_t *found = part_of(disks, environment_disks);
    assert_int_equal(json_array_size(found), 1);
    gsl_test_rel(number(json_array_get(found, 0), "size_B"), 20.0 * (1 << 30), 1e-12, "disk");
    assert_string_equal(text(json_array_get(found, 0), "scheduler"), "none");
    json_decref(found);
}

/* Between the looks, "hog (x)" computed for 30 ticks, the rank for 40, one of another run for 6,
 * and the hypervisor took 6: in 30 ticks that is 1.2 cores for others and 0.2 stolen. */
static void tells_who_else_computes(void **state)
{
    (void)state;
    static const struct fake_file first[] = {
        {"/proc/7/stat", "7 (hog (x)) R 1 7 7 0 -1 4 10 0 0 0 100 20 0 0 20 0 1 0 5 1 1\n"},
        {"/proc/8/stat", "8 (vhpc-measure) R 5 8 8 0 -1 4 10 0 0 0 10 0 0 0 20 0 1 0 5 1 1\n"},
        {"/proc/9/stat", "9 (vhpc-measure) S 6 9 9 0 -1 4 10 0 0 0 10 0 0 0 20 0 1 0 5 1 1\n"},
        {"/proc/stat", "cpu  1000 0 500 90000 0 0 0 7 0 0\n"},
        {NULL, NULL}};
    static const struct fake_file second[] = {
        {"/proc/7/stat", "7 (hog (x)) R 1 7 7 0 -1 4 10 0 0 0 125 25 0 0 20 0 1 0 5 1 1\n"},
        {"/proc/8/stat", "8 (vhpc-measure) R 5 8 8 0 -1 4 10 0 0 0 50 0 0 0 20 0 1 0 5 1 1\n"},
        {"/proc/9/stat", "9 (vhpc-measure) S 6 9 9 0 -1 4 10 0 0 0 16 0 0 0 20 0 1 0 5 1 1\n"},
        {"/proc/stat", "cpu  1070 0 500 90000 0 0 0 13 0 0\n"},
        {NULL, NULL}};
    const double interval_s = 30.0 / (double)sysconf(_SC_CLK_TCK);
    char *root = fake_tree_make(first);
    struct load_look *before = load_look_new(&(struct environment_source){.root = root});
    fake_tree_remove(root);
    root = fake_tree_make(second);
    struct load_look *after = load_look_new(&(struct environment_source){.root = root});
    fake_tree_remove(root);
    json_t *load = load_between(before, after, interval_s, "vhpc-measure", 5);
    const json_t *busy = json_object_get(load, "busy");
    assert_int_equal(json_array_size(busy), 2);
    assert_string_equal(text(json_array_get(busy, 0), "name"), "hog (x)");
    gsl_test_rel(number(load, "others_cores"), 1.2, 1e-9, "cores of others");
    gsl_test_rel(number(load, "stolen_cores"), 0.2, 1e-9, "cores stolen");
    json_decref(load);
    load_look_free(before);
    load_look_free(after);
}

static void an_empty_machine_tells_nothing_and_breaks_nothing(void **state)
{
    (void)state;
    char *root = fake_tree_make((const struct fake_file[]){{NULL, NULL}});
    const struct environment_source source = {.root = root};
    json_t *all = environment_collect(&source);
    assert_int_equal(json_array_size(json_object_get(all, "networks")), 0);
    assert_null(json_object_get(json_object_get(all, "clock"), "current"));
    json_decref(all);
    fake_tree_remove(root);
}

static void this_machine_has_cores_a_kernel_and_a_topology(void **state)
{
    (void)state;
    const struct environment_source here = environment_here();
    json_t *all = environment_collect(&here);
    assert_true(number(json_object_get(all, "cores"), "n_usable") >= 1.0);
    assert_true(number(json_object_get(all, "memory"), "total_B") > 1e6);
    assert_non_null(text(json_object_get(all, "host"), "kernel"));
    assert_non_null(strstr(text(json_object_get(all, "software"), "topology"), "<topology"));
    json_decref(all);
}

static int summary(void **state)
{
    (void)state;
    return gsl_test_summary();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_what_a_list_of_cores_names),
        cmocka_unit_test(reads_values_and_choices_out_of_texts),
        cmocka_unit_test(takes_the_tightest_bound_of_all_groups_above),
        cmocka_unit_test(reads_quotas_of_the_first_version_of_control_groups),
        cmocka_unit_test(counts_only_cores_of_the_cpuset_as_usable),
        cmocka_unit_test(describes_processors_with_threads_and_governors),
        cmocka_unit_test(describes_networks_and_disks),
        cmocka_unit_test(tells_who_else_computes),
        cmocka_unit_test(an_empty_machine_tells_nothing_and_breaks_nothing),
        cmocka_unit_test(this_machine_has_cores_a_kernel_and_a_topology),
    };
    return cmocka_run_group_tests(tests, NULL, summary);
}
