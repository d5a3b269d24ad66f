/*
 * fuzz_journal.c - any bytes as a line of a journal: the samples of a scenario, or none; what comes
 * out must be whole, and the same when it is written and read again.
 */
#include "fuzz_diagnostics.h"

#include "sim/input/scenario.h"
#include "sim/validation/samples.h"

#include <string.h>

/* As tests/cli/inputs/kvm.yaml, which the first journals ran. */
static const char text[] = "schema: vhpcsim-scenario/1\n"
                           "cluster: {nodes: 4, node: dell-pe860, link: gigabit-ethernet}\n"
                           "virtualization: {technology: kvm-77-e1000, vms_per_node: 2, vcpus: 1}\n"
                           "mpi: mpich2-1.0.5\n"
                           "workload: {kind: hpl, n: 1200, nb: 100, p: 2, q: 4}\n";

/* Read once: what is fuzzed are its samples. */
static const struct scenario *journalled(void)
{
    static struct scenario *scenario;
    if (!scenario) {
        struct diagnostics *diagnostics = diagnostics_new();
        const int error =
            scenario_read_text("fuzz.yaml", text, strlen(text), 0, NULL, diagnostics, &scenario);
        fuzz_check_diagnostics(diagnostics, error);
        diagnostics_free(diagnostics);
    }
    assert(scenario);
    return scenario;
}

static void use(const struct samples *samples)
{
    assert(samples->n_metrics > 0 && samples->n_draws > 0);
    for (int i = 0; i < samples->n_metrics; i++) {
        const struct metric *metric;
        assert(samples_find(samples, samples->metrics[i].name, &metric));
        assert(metric->digits > 0);
    }
    for (size_t i = 0; i < json_array_size(samples->warnings); i++)
        assert(json_is_string(json_array_get(samples->warnings, i)));
    json_t *json = samples_json(samples);
    struct samples *again = samples_of_json(journalled(), json);
    json_t *json_again = samples_json(again);
    assert(json_equal(json, json_again));
    json_decref(json_again);
    samples_free(again);
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *json = json_loadb((const char *)data, size, JSON_DISABLE_EOF_CHECK, NULL);
    struct samples *samples = samples_of_json(journalled(), json_object_get(json, "samples"));
    if (samples)
        use(samples);
    samples_free(samples);
    json_decref(json);
    return 0;
}
