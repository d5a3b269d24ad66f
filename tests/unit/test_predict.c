/* From a scenario to a result: draws, counterfactuals, what is said of validity and interval. */
#include "sim/result/predict.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

static const char kvm[] = "schema: vhpcsim-scenario/1\n"
                          "title: two nodes\n"
                          "cluster: {nodes: 2, node: dell-pe860, link: gigabit-ethernet}\n"
                          "virtualization: {technology: kvm-77-e1000, vms_per_node: 2, vcpus: 1}\n"
                          "mpi: mpich2-1.0.5\n"
                          "workload: {kind: hpl, n: 600, nb: 50, p: 2, q: 2}\n";

static struct scenario *scenario_with(int n, const char *const settings[])
{
    struct diagnostics *diagnostics = diagnostics_new();
    struct scenario *scenario = NULL;
    if (scenario_read_text("kvm.yaml", kvm, strlen(kvm), n, settings, diagnostics, &scenario) != 0)
        diagnostics_print(diagnostics, stderr, 0);
    assert_non_null(scenario);
    diagnostics_free(diagnostics);
    return scenario;
}

static struct result predicted(const struct scenario *scenario, bool explains)
{
    const struct predict_options options = {.n_workers = 2, .explains = explains};
    struct result result = {0};
    char error[256];
    const int status = predict(scenario, &options, &result, error, sizeof error);
    if (status != 0)
        fprintf(stderr, "%s\n", error);
    assert_int_equal(status, 0);
    return result;
}

static const struct warning *warning_at(const struct result *result, const char *place)
{
    for (int i = 0; i < result->warnings.n; i++)
        if (strcmp(result->warnings.items[i].place, place) == 0)
            return &result->warnings.items[i];
    return NULL;
}

static void draws_give_an_ordered_interval_and_the_last_metric_is_the_time(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(1, (const char *[]){"run.replications=10"});
    struct result result = predicted(scenario, false);

    assert_int_equal(result.n_draws, 10);
    for (int i = 0; i < result.n_metrics; i++) {
        const struct summary *draws = &result.metrics[i].draws;
        assert_int_equal(draws->n, 10);
        assert_true(draws->p10 < draws->p50 && draws->p50 < draws->p90);
    }
    assert_string_equal(result.metrics[0].metric.name, "hpl_gflops");
    assert_string_equal(result.metrics[result.n_metrics - 1].metric.name, "time_s");
    assert_true(result.metrics[result.n_metrics - 1].metric.value == result.central.elapsed_s);
    assert_null(warning_at(&result, "run.replications"));
    result_release(&result);
    scenario_free(scenario);
}

static void one_replication_is_the_central_run_alone(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(1, (const char *[]){"run.replications=1"});
    struct result result = predicted(scenario, false);
    const struct metric_summary *gflops = result_main_metric(&result);

    assert_int_equal(result.n_draws, 0);
    assert_true(gflops->draws.p10 == gflops->metric.value);
    assert_true(gflops->draws.p90 == gflops->metric.value);
    assert_null(result_samples(&result, 0));
    assert_int_equal(warning_at(&result, "run.replications")->kind, WARNING_NOTE);
    result_release(&result);
    scenario_free(scenario);
}

/* Two clusters that differ in their guests' stack alone, which costs the same in every draw. */
static void draws_of_the_same_number_move_what_two_scenarios_share_alike(void **state)
{
    (void)state;
    struct scenario *one = scenario_with(1, (const char *[]){"run.replications=6"});
    struct scenario *other =
        scenario_with(2, (const char *[]){"run.replications=6",
                                          "virtualization.technology.stack.recv_message=2.385 us"});
    struct result results[2] = {predicted(one, false), predicted(other, false)};
    const int time = results[0].n_metrics - 1;
    const double *one_s = result_samples(&results[0], time);
    const double *other_s = result_samples(&results[1], time);
    double least = one_s[0], most = one_s[0];

    for (int i = 0; i < 6; i++) {
        assert_true(one_s[i] < other_s[i] && other_s[i] < 1.01 * one_s[i]);
        least = fmin(least, one_s[i]);
        most = fmax(most, one_s[i]);
    }
    assert_true(most > 1.05 * least); /* what is shared moves far more than what differs */
    for (int i = 0; i < 2; i++)
        result_release(&results[i]);
    scenario_free(one);
    scenario_free(other);
}

static void layers_sum_to_the_time_and_host_cpu_to_the_cores(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(1, (const char *[]){"run.replications=1"});
    struct result result = predicted(scenario, false);
    double layers_s = 0.0, host_s = 0.0;

    for (int i = 0; i < N_LAYERS; i++)
        layers_s += result.central.layer_s[i];
    for (int i = 0; i < N_CPU_DOMAINS; i++)
        host_s += result.central.host_cpu_s[i];
    gsl_test_rel(layers_s, result.central.elapsed_s, 1e-9, "layers");
    gsl_test_rel(host_s, 2.0 * 2.0 * result.central.elapsed_s, 1e-9, "2 nodes of 2 cores");
    assert_int_equal(gsl_test_summary(), 0);
    result_release(&result);
    scenario_free(scenario);
}

static void a_guest_is_compared_with_the_native_run_and_explained_on_request(void **state)
{
    (void)state;
    struct scenario *scenario = scenario_with(1, (const char *[]){"run.replications=1"});
    struct scenario *native = scenario_with(
        4, (const char *[]){"run.replications=1", "virtualization.technology=native",
                            "virtualization.vms_per_node=0", "virtualization.vcpus=0"});
    struct result brief = predicted(scenario, false), full = predicted(scenario, true);
    struct result bare = predicted(native, true);

    assert_true(brief.has_native && brief.n_gains == 0);
    assert_true(full.native.values[0] == brief.native.values[0]);
    assert_true(full.native.values[full.n_metrics - 1] < full.central.elapsed_s);
    assert_true(full.n_gains > 3);
    /* The counterfactual is the scenario that one would have written. */
    gsl_test_rel(brief.native.values[brief.n_metrics - 1], bare.central.elapsed_s, 1e-12, "native");
    assert_false(bare.has_native);
    assert_int_equal(bare.n_gains, 4); /* compute, mpi_stack, local, wire */
    assert_int_equal(gsl_test_summary(), 0);
    result_release(&brief);
    result_release(&full);
    result_release(&bare);
    scenario_free(scenario);
    scenario_free(native);
}

static void use_outside_a_validity_range_is_told_with_its_key(void **state)
{
    (void)state;
    static const char latency[] =
        "cluster.link.latency={value: 50 us, source: here, valid: [1 B, 1 kB]}";
    static const char wide[] =
        "cluster.link.latency={value: 50 us, source: here, valid: [1 B, 1 GB]}";
    struct scenario *outside = scenario_with(2, (const char *[]){"run.replications=1", latency});
    struct scenario *inside = scenario_with(2, (const char *[]){"run.replications=1", wide});
    struct result warned = predicted(outside, false), silent = predicted(inside, false);

    const struct warning *warning = warning_at(&warned, "cluster.link.latency");
    assert_non_null(warning);
    assert_int_equal(warning->kind, WARNING_DOUBTFUL);
    assert_non_null(strstr(warning->message, "1 kB"));
    assert_null(warning_at(&silent, "cluster.link.latency"));
    result_release(&warned);
    result_release(&silent);
    scenario_free(outside);
    scenario_free(inside);
}

static void more_active_cores_than_were_measured_are_told_with_their_group(void **state)
{
    (void)state;
    struct scenario *scenario =
        scenario_with(3, (const char *[]){"run.replications=1", "virtualization.vms_per_node=3",
                                          "cluster.node.cores_per_socket=3"});
    struct result result = predicted(scenario, false);
    /* The node's bandwidth was measured with 1 and with 2 active cores; three are at work here. */
    assert_non_null(warning_at(&result, "cluster.node.memory_bandwidth"));
    result_release(&result);
    scenario_free(scenario);
}

static void an_interrupted_prediction_leaves_the_result_alone(void **state)
{
    (void)state;
    static const volatile sig_atomic_t interrupted = 1;
    const struct predict_options options = {.n_workers = 1, .interrupted = &interrupted};
    struct scenario *scenario = scenario_with(0, NULL);
    struct result result = {.n_draws = -17};
    char error[256];
    assert_int_equal(predict(scenario, &options, &result, error, sizeof error), -EINTR);
    assert_int_equal(result.n_draws, -17);
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_give_an_ordered_interval_and_the_last_metric_is_the_time),
        cmocka_unit_test(one_replication_is_the_central_run_alone),
        cmocka_unit_test(draws_of_the_same_number_move_what_two_scenarios_share_alike),
        cmocka_unit_test(layers_sum_to_the_time_and_host_cpu_to_the_cores),
        cmocka_unit_test(a_guest_is_compared_with_the_native_run_and_explained_on_request),
        cmocka_unit_test(use_outside_a_validity_range_is_told_with_its_key),
        cmocka_unit_test(more_active_cores_than_were_measured_are_told_with_their_group),
        cmocka_unit_test(an_interrupted_prediction_leaves_the_result_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
