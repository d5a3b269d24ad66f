/*
 * fuzz_scenario.c - any bytes as a scenario document: diagnostics or a scenario, never a crash.
 *
 * What stands behind a first NUL byte are settings, each ended by a NUL. A scenario that was
 * accepted is drawn, hashed, written as JSON and, when it is small, placed on its nodes and its
 * program made.
 */
#include "fuzz_diagnostics.h"

#include "sim/input/scenario.h"
#include "sim/input/scenario_json.h"
#include "sim/workload/workload.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SETTINGS = 8, MAX_PLACED_NODES = 1000, MAX_PLACED_RANKS = 10000 };

/* Splits the NUL-ended texts in [at, end); `end` points at a NUL. Returns how many. */
static int split_settings(const char *at, const char *end, const char *settings[])
{
    int n = 0;
    while (at < end && n < MAX_SETTINGS) {
        settings[n++] = at;
        at += strlen(at) + 1;
    }
    return n;
}

static void place(const struct scenario *scenario)
{
    struct platform platform;
    if (scenario->cluster.n_nodes > MAX_PLACED_NODES || scenario->n_ranks > MAX_PLACED_RANKS)
        return;
    if (platform_init(&platform, scenario, 0) == 0) {
        struct program program;
        platform_check(&platform);
        if (scenario->workload->program_new(scenario->workload_spec, platform.n_ranks, &program) ==
            0)
            scenario->workload->program_free(&program);
        platform_release(&platform);
    }
}

static void use(const struct scenario *scenario)
{
    char before[17], after[17];
    scenario_hash(scenario, before);
    struct scenario *drawn = scenario_draw(scenario, 3);
    json_t *json = scenario_resolved_json(drawn);
    assert(drawn && json);
    place(drawn);
    json_decref(json);
    scenario_free(drawn);
    scenario_hash(scenario, after);
    assert(strcmp(before, after) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    const size_t length = strlen(text);
    const char *settings[MAX_SETTINGS];
    const int n_settings =
        length < size ? split_settings(text + length + 1, text + size, settings) : 0;

    struct diagnostics *diagnostics = diagnostics_new();
    struct scenario *scenario;
    const int error =
        scenario_read_text("fuzz.yaml", text, length, n_settings, settings, diagnostics, &scenario);
    fuzz_check_diagnostics(diagnostics, error);
    if (!error) {
        use(scenario);
        scenario_free(scenario);
    }
    diagnostics_free(diagnostics);
    free(text);
    return 0;
}
