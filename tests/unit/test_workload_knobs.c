/*
 * What holds for every workload in guests: no knob that takes something from them makes any faster,
 * none that gives them something makes any slower, and a key at its default is as good as left out.
 */
#include "benchmark.h"
#include "workload_cases.h"

#include "sim/result/predict.h"
#include "sim/result/result_json.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_SETTINGS = 64, MAX_KNOB_SETTINGS = 4, SETTING_B = 128 };

/*
 * Two guests of one vCPU on each node of two sockets with one core each. Noise is a knob here, and
 * the node's two hardware threads a core are too.
 */
static const char *const guests[] = {"cluster.node=dual-xeon-e5-2670",
                                     "cluster.node.cores_per_socket=1",
                                     "cluster.smt=off",
                                     "virtualization.technology=kvm-virtio-vhost",
                                     "virtualization.technology.noise.rate=0 Hz",
                                     "virtualization.vms_per_node=2",
                                     "virtualization.vcpus=1",
                                     NULL};

/*
 * Ranks that are shifted against each other may take turns where they had shared a wire, a backend
 * or memory, and lose less there than they lost before. Such a knob has a slack, as part of the
 * cost.
 */
static const struct change {
    const char *name;
    enum { HELPS, COSTS } effect;
    double slack;
    const char *settings[MAX_KNOB_SETTINGS];
} knobs[] = {
    {"vCPUs that float", COSTS, 0.0, {"virtualization.pinning=off"}},
    {"mitigations", COSTS, 0.0, {"cluster.mitigations=on"}},
    {"tenants",
     COSTS,
     0.0,
     {"virtualization.tenants.cores=1", "virtualization.tenants.memory_bandwidth=9 GB/s",
      "virtualization.tenants.network=37 MB/s", "virtualization.tenants.disk=13 MB/s"}},
    {"noise of the host",
     COSTS,
     0.02,
     {"virtualization.technology.noise.rate=2300 Hz", "cluster.node.noise.rate=1700 Hz",
      "cluster.node.noise.length=17 us"}},
    {"one core for two vCPUs", COSTS, 2e-3, {"cluster.node.sockets=1"}},
    {"huge pages", HELPS, 0.0, {"virtualization.huge_pages=on"}},
    {"two more cores for backends",
     HELPS,
     0.0,
     {"cluster.node.cores_per_socket=2", "virtualization.reserved_cores=2"}},
    {"hardware threads", HELPS, 0.0, {"cluster.smt=on"}},
};
enum { N_KNOBS = sizeof knobs / sizeof *knobs };

/* Appends `more` to the settings, which end with NULL before and after. */
static void append(const char *settings[MAX_SETTINGS], const char *const more[], int max_more)
{
    int n = 0;
    while (settings[n])
        n++;
    for (int i = 0; i < max_more && more[i]; i++) {
        assert_true(n + 1 < MAX_SETTINGS);
        settings[n++] = more[i];
    }
}

/* OpenMP's threads need a node, and so a guest, to themselves. */
static const char *const one_guest[] = {"virtualization.vms_per_node=1", "virtualization.vcpus=2",
                                        NULL};

static struct workload_cost cost_with(const struct workload_case *c, const struct change *change)
{
    const char *settings[MAX_SETTINGS] = {NULL};
    append(settings, guests, MAX_SETTINGS);
    if (c->n_nodes == 1)
        append(settings, one_guest, MAX_SETTINGS);
    if (change)
        append(settings, change->settings, MAX_KNOB_SETTINGS);
    struct scenario *scenario = workload_case_read_on(c, settings);
    const struct workload_cost cost = workload_case_cost(scenario);
    scenario_free(scenario);
    return cost;
}

static void knobs_that_cost_never_help_and_those_that_help_never_cost(void **state)
{
    (void)state;
    for (const struct workload_case *c = workload_cases; c->kind; c++) {
        const struct workload_cost without = cost_with(c, NULL);
        for (const struct change *change = knobs; change < knobs + N_KNOBS; change++) {
            const struct workload_cost with = cost_with(c, change);
            char *than;
            assert_true(asprintf(&than, "%s %s", change->effect == HELPS ? "with" : "without",
                                 change->name) > 0);
            if (change->effect == HELPS)
                workload_case_expect_no_more(c, than, change->slack, with, without);
            else
                workload_case_expect_no_more(c, than, change->slack, without, with);
            free(than);
        }
    }
}

/* --- defaults -------------------------------------------------------------------------------- */

struct defaults {
    int n;
    char texts[MAX_SETTINGS][SETTING_B];
    const char *settings[MAX_SETTINGS];
};

/* Adds "path=default" of every key of the table that has a default of its own, groups' keys
 * included; nothing of documents that the scenario names. A parameter says where it is from. */
static void collect(const struct field fields[], const char *path, struct defaults *defaults)
{
    for (const struct field *field = fields; field->key; field++) {
        char key[SETTING_B];
        snprintf(key, sizeof key, "%s%s%s", path, *path ? "." : "", field->key);
        if (field->kind == FIELD_GROUP)
            collect(field->fields, key, defaults);
        if (!field->fallback || field->fallback[0] == '\0' || field->fallback[0] == '@')
            continue;
        assert_true(defaults->n + 1 < MAX_SETTINGS);
        char *text = defaults->texts[defaults->n];
        const char *format =
            field->kind == FIELD_PARAMETER ? "%s={value: %s, source: default}" : "%s=%s";
        assert_true(snprintf(text, SETTING_B, format, key, field->fallback) < SETTING_B);
        defaults->settings[defaults->n++] = text;
    }
}

static char *result_text(const char *const settings[])
{
    static const struct workload_case hpl = {"hpl", "n: 300, nb: 30, p: 2, q: 4", 4, 0};
    const struct predict_options options = {.n_workers = 2};
    struct result result = {0};
    char error[256] = "";
    struct scenario *scenario = workload_case_read_on(&hpl, settings);
    if (predict(scenario, &options, &result, error, sizeof error) != 0)
        fail_msg("%s", error);
    json_t *document = result_json(&result, true);
    char *text = result_json_text(document);
    assert_non_null(text);
    json_decref(document);
    result_release(&result);
    scenario_free(scenario);
    return text;
}

static void expect_same_result(const char *const settings[], const struct defaults *defaults,
                               const char *const machine[])
{
    const char *with_defaults[MAX_SETTINGS] = {NULL};
    append(with_defaults, defaults->settings, MAX_SETTINGS);
    append(with_defaults, machine, MAX_SETTINGS);
    char *without = result_text(settings), *with = result_text(with_defaults);
    assert_string_equal(with, without);
    free(with);
    free(without);
}

static void results_with_all_keys_at_their_defaults_are_those_without_them(void **state)
{
    (void)state;
    static const char *const none[] = {NULL};
    struct defaults defaults = {0};
    collect(scenario_fields, "", &defaults);
    assert_true(defaults.n > 20);
    expect_same_result(none, &defaults, none);
    expect_same_result(guests, &defaults, guests);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knobs_that_cost_never_help_and_those_that_help_never_cost),
        cmocka_unit_test(results_with_all_keys_at_their_defaults_are_those_without_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
