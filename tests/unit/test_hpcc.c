/*
 * The HPCC suite: sizes as HPCC chooses them, and every test as it is alone.
 */
#include "benchmark.h"
#include "hpl_small.h"
#include "sim/input/field_read.h"
#include "sim/workload/hpcc/hpcc_parts.h"
#include "sim/workload/hpcc/rules.h"

#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* HPL's own time counts from the first process's begin; ranks leave the barrier before it one after
 * the other, some 0.1 ms apart. */
static const double AS_ALONE = 1e-3;

static struct hpcc_spec spec_of(long n, int nb, int p, int q)
{
    struct hpcc_spec spec = {.hpl = hpl_small_spec(p, q),
                             .tests = {true, true, true, true, true, true, true, true, true},
                             .n_clients = 20,
                             .seed = 3};
    spec.hpl.n = n;
    spec.hpl.nb = nb;
    return spec;
}

/* From the summaries of hpcc 1.5.0: (N, P, Q), then DGEMM_N, STREAM_VectorSize, PTRANS_n, FFT_N,
 * RandomAccess_N, and on so many ranks MPIFFT_N, MPIFFT_Procs and MPIRandomAccess_N. */
static void sizes_are_those_that_hpcc_chooses(void **state)
{
    (void)state;
    static const struct {
        long n;
        int p, q;
        int dgemm_n, stream_size, ptrans_n, fft_n, table;
        int n_ranks, mpi_fft_n, mpi_fft_procs, mpi_table;
    } facts[] = {{600, 2, 2, 172, 30000, 300, 16384, 65536, 5, 32768, 4, 262144},
                 {713, 1, 3, 237, 56485, 356, 32768, 131072, 3, 32768, 2, 262144},
                 {1500, 2, 2, 432, 187500, 750, 131072, 524288, 4, 262144, 4, 2097152},
                 {977, 1, 2, 398, 159088, 488, 65536, 262144, 2, 65536, 2, 524288},
                 {300, 1, 1, 172, 30000, 150, 16384, 65536, 1, 8192, 1, 65536}};

    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        const struct hpcc_spec spec = spec_of(facts[i].n, 80, facts[i].p, facts[i].q);
        const struct hpcc_parts parts = hpcc_parts_of(&spec);
        assert_int_equal(parts.star_dgemm.n, facts[i].dgemm_n);
        assert_int_equal(parts.single_dgemm.n, facts[i].dgemm_n);
        assert_int_equal(parts.star_stream.n_elements, facts[i].stream_size);
        assert_int_equal(parts.single_stream.n_elements, facts[i].stream_size);
        assert_int_equal(parts.ptrans.n, facts[i].ptrans_n);
        assert_int_equal(fft_n_elements(&parts.star_fft, facts[i].n_ranks), facts[i].fft_n);
        assert_int_equal(fft_n_elements(&parts.mpi_fft, facts[i].n_ranks), facts[i].mpi_fft_n);
        assert_int_equal(fft_n_computing(&parts.mpi_fft, facts[i].n_ranks), facts[i].mpi_fft_procs);
    }
}

/* As the sections of an hpccoutf.txt follow each other. */
static void tests_run_in_hpccs_order(void **state)
{
    (void)state;
    static const struct {
        const struct workload *workload;
        const char *prefix;
    } sections[N_HPCC_COMPONENTS] = {
        {&workload_random_access, "mpi_"},        /* MPIRandomAccess */
        {&workload_random_access, "star_"},       /* StarRandomAccess */
        {&workload_random_access, "single_"},     /* SingleRandomAccess */
        {&workload_random_access, "mpi_lcg_"},    /* MPIRandomAccess_LCG */
        {&workload_random_access, "star_lcg_"},   /* StarRandomAccess_LCG */
        {&workload_random_access, "single_lcg_"}, /* SingleRandomAccess_LCG */
        {&workload_ptrans, ""},                   /* PTRANS */
        {&workload_dgemm, "star_"},               /* StarDGEMM */
        {&workload_dgemm, "single_"},             /* SingleDGEMM */
        {&workload_stream, "star_"},              /* StarSTREAM */
        {&workload_stream, "single_"},            /* SingleSTREAM */
        {&workload_fft, "mpi_"},                  /* MPIFFT */
        {&workload_fft, "star_"},                 /* StarFFT */
        {&workload_fft, "single_"},               /* SingleFFT */
        {&workload_pingpong, ""},                 /* LatencyBandwidth */
        {&workload_ring, ""},                     /* LatencyBandwidth */
        {&workload_hpl, ""}};                     /* HPL */

    for (int i = 0; i < N_HPCC_COMPONENTS; i++) {
        assert_ptr_equal(hpcc_components[i].workload, sections[i].workload);
        assert_string_equal(hpcc_components[i].prefix, sections[i].prefix);
    }
}

/* Fills `spec` as a scenario does that names the workload alone. */
static void read_defaults(const struct workload *workload, void *spec)
{
    struct arena arena = {NULL, false};
    struct diagnostics *diagnostics = diagnostics_new();
    struct reading reading = {.arena = &arena, .diagnostics = diagnostics, .source = ""};
    const struct tree *map = tree_new(&arena, TREE_MAP, (struct place){"empty", 1, 1});

    field_read(&reading, workload->fields, map, "workload", spec);
    assert_int_equal(diagnostics_count(diagnostics, SEVERITY_ERROR), 0);
    diagnostics_free(diagnostics);
    arena_release(&arena);
}

static void what_hpcc_fixes_are_the_defaults_of_its_tests(void **state)
{
    (void)state;
    const struct hpcc_spec spec = spec_of(1100, 40, 2, 3);
    const struct hpcc_parts parts = hpcc_parts_of(&spec);
    struct ring_spec ring = {0};
    struct pingpong_spec pingpong = {0};
    struct stream_spec stream = {0};
    struct random_access_spec access = {0};

    read_defaults(&workload_ring, &ring);
    assert_true(ring.latency_B == parts.ring.latency_B);
    assert_true(ring.bandwidth_B == parts.ring.bandwidth_B);
    assert_int_equal(ring.n_latency_loops, parts.ring.n_latency_loops);
    assert_int_equal(ring.n_bandwidth_loops, parts.ring.n_bandwidth_loops);
    assert_int_equal(ring.n_latency_rings, parts.ring.n_latency_rings);
    assert_int_equal(ring.n_bandwidth_rings, parts.ring.n_bandwidth_rings);
    read_defaults(&workload_pingpong, &pingpong);
    assert_true(pingpong.latency_B == parts.pingpong.latency_B);
    assert_true(pingpong.bandwidth_B == parts.pingpong.bandwidth_B);
    assert_int_equal(pingpong.n_latency_loops, parts.pingpong.n_latency_loops);
    assert_int_equal(pingpong.n_bandwidth_loops, parts.pingpong.n_bandwidth_loops);
    read_defaults(&workload_stream, &stream);
    assert_int_equal(stream.n_iterations, parts.star_stream.n_iterations);
    read_defaults(&workload_random_access, &access);
    assert_true(access.time_bound_s == parts.mpi_access.time_bound_s);
    assert_int_equal(access.sample, parts.mpi_access.sample);
}

/* 8 x 300000^2 / 2 B = 360 GB are 1.5e10 vector elements in three vectors, more than 2^30. */
static void no_vector_is_longer_than_a_c_int_counts(void **state)
{
    (void)state;
    const struct hpcc_spec spec = spec_of(300000, 80, 1, 2);
    assert_true(hpcc_vector_elements(&spec.hpl, 3, 8) == UINT64_C(1) << 30);
    assert_true(hpcc_vector_elements(&spec.hpl, 100, 8) == 450000000);
}

/* Seven ranks, six of them in the grid. */
static void every_test_finds_in_the_suite_what_it_finds_alone(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(4, 2);
    const struct hpcc_spec spec = spec_of(1100, 40, 2, 3);
    const struct hpcc_parts parts = hpcc_parts_of(&spec);
    struct outcome suite = benchmark_run(&scenario, &workload_hpcc, &spec);

    for (int i = 0; i < N_HPCC_COMPONENTS; i++) {
        const struct hpcc_component *component = &hpcc_components[i];
        const void *own = (const char *)&parts + component->spec;
        struct outcome alone = benchmark_run(&scenario, component->workload, own);
        struct metric metrics[WORKLOAD_MAX_METRICS];
        const int n = component->workload->metrics(own, &alone, metrics);

        assert_true(n > 0);
        for (int k = 0; k < n; k++) {
            char name[80];
            snprintf(name, sizeof name, "%s%s", component->prefix, metrics[k].name);
            gsl_test_rel(benchmark_metric(&workload_hpcc, &spec, &suite, name), metrics[k].value,
                         AS_ALONE, "%s", name);
        }
        outcome_release(&alone);
    }
    outcome_release(&suite);
    assert_int_equal(gsl_test_summary(), 0);
}

static void the_answer_is_hpls_rate_where_hpl_runs(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(2, 1);
    struct hpcc_spec spec = spec_of(400, 40, 1, 2);
    struct metric metrics[WORKLOAD_MAX_METRICS];

    struct outcome outcome = benchmark_run(&scenario, &workload_hpcc, &spec);
    workload_hpcc.metrics(&spec, &outcome, metrics);
    assert_string_equal(metrics[0].name, "hpl_gflops");
    outcome_release(&outcome);
    spec.tests = (struct hpcc_tests){.dgemm = true, .stream = true};
    outcome = benchmark_run(&scenario, &workload_hpcc, &spec);
    workload_hpcc.metrics(&spec, &outcome, metrics);
    assert_string_equal(metrics[0].name, "star_dgemm_gflops");
    outcome_release(&outcome);
}

static void expect_errors(const struct hpcc_spec *spec, int n_nodes, int n_expected)
{
    const struct scenario scenario = benchmark_cluster(n_nodes, 1);
    struct diagnostics *diagnostics = diagnostics_new();

    workload_hpcc.check(spec, &scenario, diagnostics);
    assert_int_equal(diagnostics_count(diagnostics, SEVERITY_ERROR), n_expected);
    diagnostics_free(diagnostics);
}

static void a_suite_that_cannot_run_is_an_error(void **state)
{
    (void)state;
    struct hpcc_spec spec = spec_of(400, 40, 1, 1);

    expect_errors(&spec, 2, 0);
    expect_errors(&spec, 1, 1); /* nobody to play ping-pong with */
    spec.tests = (struct hpcc_tests){.hpl = true};
    expect_errors(&spec, 1, 0);
    spec.tests = (struct hpcc_tests){false};
    expect_errors(&spec, 1, 1);
    spec = spec_of(11, 1, 1, 1); /* 968 B */
    expect_errors(&spec, 2, 1);
}

/* --- the summary ---------------------------------------------------------------------------- */

static const char *const hpcc_keys[] = {
#include "hpcc_keys.inc"
};
enum { N_KEYS = sizeof hpcc_keys / sizeof hpcc_keys[0] };

/* The keys whose values are letters. */
static bool is_text(const char *key)
{
    static const char *const texts[] = {"VersionRelease", "LANG", "HPL_cpfact", "HPL_crfact",
                                        "HPL_order"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(key, texts[i]) == 0)
            return true;
    /* HPCC's own "-" for a program that did not run. */
    return strcmp(key, "HPL_ctop") == 0;
}

/* A run's metrics and the summary of it, whose lines are cut into keys and values. */
struct printed {
    int n;
    struct metric metrics[WORKLOAD_MAX_METRICS];
    char *text;
    char *values[N_KEYS];
};

static void cut_lines(struct printed *printed)
{
    char *rest = printed->text;

    assert_string_equal(strsep(&rest, "\n"), "Begin of Summary section.");
    for (int i = 0; i < N_KEYS; i++) {
        char *line = strsep(&rest, "\n");
        assert_non_null(line);
        assert_string_equal(strsep(&line, "="), hpcc_keys[i]);
        assert_non_null(line);
        printed->values[i] = line;
    }
    assert_string_equal(rest, "End of Summary section.\n");
}

/* Release `text`. */
static void print_run(const struct scenario *scenario, const struct hpcc_spec *spec,
                      struct printed *printed)
{
    size_t size = 0;
    struct outcome outcome = benchmark_run(scenario, &workload_hpcc, spec);
    printed->n = workload_hpcc.metrics(spec, &outcome, printed->metrics);
    outcome_release(&outcome);
    FILE *out = open_memstream(&printed->text, &size);
    assert_non_null(out);
    workload_hpcc.print(spec, scenario, printed->n, printed->metrics, out);
    fclose(out);
    cut_lines(printed);
}

static double value_of(const struct printed *printed, const char *key)
{
    for (int i = 0; i < N_KEYS; i++)
        if (strcmp(hpcc_keys[i], key) == 0)
            return strtod(printed->values[i], NULL);
    fail_msg("no key %s", key);
    return NAN;
}

static void the_summary_has_hpccs_keys_in_its_order_with_numbers(void **state)
{
    (void)state;
    const struct scenario scenario = benchmark_cluster(4, 2);
    const struct hpcc_spec spec = spec_of(1100, 40, 2, 3);
    struct printed printed;

    print_run(&scenario, &spec, &printed);
    for (int i = 0; i < N_KEYS; i++) {
        char *end;
        strtod(printed.values[i], &end);
        if (!is_text(hpcc_keys[i]) && (end == printed.values[i] || *end != '\0'))
            fail_msg("%s=%s is no number", hpcc_keys[i], printed.values[i]);
    }
    free(printed.text);
}

/* %g has six digits. */
static void the_summary_tells_the_metrics(void **state)
{
    (void)state;
    static const struct {
        const char *key, *metric;
        double scale;
    } rows[] = {{"HPL_Tflops", "hpl_gflops", 1e-3},
                {"PTRANS_GBs", "ptrans_GBps", 1.0},
                {"PTRANS_time", "ptrans_s", 1.0},
                {"SingleSTREAM_Add", "single_add_GBps", 1.0},
                {"MPIFFT_Gflops", "mpi_fft_gflops", 1.0},
                {"MPIRandomAccess_GUPs", "mpi_gups", 1.0},
                {"MPIRandomAccess_LCG_time", "mpi_lcg_gups_time_s", 1.0},
                {"StarRandomAccess_LCG_GUPs", "star_lcg_gups", 1.0},
                {"AvgPingPongLatency_usec", "pingpong_latency_us", 1.0},
                {"RandomlyOrderedRingBandwidth_GBytes", "ring_bandwidth_GBps", 1.0}};
    const struct scenario scenario = benchmark_cluster(4, 2);
    const struct hpcc_spec spec = spec_of(1100, 40, 2, 3);
    struct printed printed;

    print_run(&scenario, &spec, &printed);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        gsl_test_rel(value_of(&printed, rows[i].key),
                     metric_find(printed.n, printed.metrics, rows[i].metric)->value * rows[i].scale,
                     1e-5, "%s", rows[i].key);
    gsl_test_rel(value_of(&printed, "HPL_time") * value_of(&printed, "HPL_Tflops"),
                 (2.0 / 3.0 * 1100.0 + 1.5) * 1100.0 * 1100.0 * 1e-12, 1e-5, "HPL's flops");
    assert_true(value_of(&printed, "CommWorldProcs") == 8.0);
    assert_true(value_of(&printed, "HPLMaxProcs") == 6.0);
    assert_true(value_of(&printed, "MPIFFT_Procs") == 8.0);
    assert_true(value_of(&printed, "MPIRandomAccess_TimeBound") == 60.0);
    assert_true(value_of(&printed, "MPIRandomAccess_ExeUpdates") ==
                4.0 * value_of(&printed, "MPIRandomAccess_N"));
    free(printed.text);
    assert_int_equal(gsl_test_summary(), 0);
}

static void what_did_not_run_is_minus_one(void **state)
{
    (void)state;
    static const char *const unknown[] = {"HPL_Tflops",
                                          "HPL_time",
                                          "HPL_N",
                                          "DGEMM_N",
                                          "PTRANS_GBs",
                                          "PTRANS_n",
                                          "MPIRandomAccess_N",
                                          "MPIRandomAccess_LCG_GUPs",
                                          "MPIRandomAccess_Algorithm",
                                          "FFT_N",
                                          "MPIFFT_Gflops",
                                          "MinPingPongLatency_usec"};
    const struct scenario scenario = benchmark_cluster(2, 1);
    struct hpcc_spec spec = spec_of(400, 40, 1, 2);
    struct printed printed;

    spec.tests = (struct hpcc_tests){.stream = true};
    print_run(&scenario, &spec, &printed);
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        if (value_of(&printed, unknown[i]) != -1.0)
            fail_msg("%s is %g", unknown[i], value_of(&printed, unknown[i]));
    assert_true(value_of(&printed, "STREAM_VectorSize") == 26666.0);
    free(printed.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_those_that_hpcc_chooses),
        cmocka_unit_test(tests_run_in_hpccs_order),
        cmocka_unit_test(what_hpcc_fixes_are_the_defaults_of_its_tests),
        cmocka_unit_test(no_vector_is_longer_than_a_c_int_counts),
        cmocka_unit_test(every_test_finds_in_the_suite_what_it_finds_alone),
        cmocka_unit_test(the_answer_is_hpls_rate_where_hpl_runs),
        cmocka_unit_test(a_suite_that_cannot_run_is_an_error),
        cmocka_unit_test(the_summary_has_hpccs_keys_in_its_order_with_numbers),
        cmocka_unit_test(the_summary_tells_the_metrics),
        cmocka_unit_test(what_did_not_run_is_minus_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
