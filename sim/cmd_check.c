/*
 * cmd_check.c - `vhpcsim check`: reads scenarios and says what they would simulate.
 */
#include "command.h"
#include "command_line.h"
#include "command_scenario.h"
#include "scenario_options.h"
#include "sim/input/unit.h"
#include "sim/workload/workload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request {
    const char **paths; /* room for one per word */
    int n_paths;
    struct scenario_options scenario;
};

static error_t parse_word(int key, char *word, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case ARGP_KEY_ARG:
        request->paths[request->n_paths++] = word;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "no scenario given");
        return EINVAL;
    default:
        return scenario_options_parse(key, word, state, &request->scenario);
    }
}

static const struct argp_option options[] = {
    SCENARIO_SET, SCENARIO_STRICT, {NULL, 0, NULL, 0, NULL, 0}};

static const char doc[] =
    "Reads and checks each SCENARIO (\"-\": standard input), and says what would be simulated."
    "\v"
    "Exit status: 0 all are in order, 65 one has errors, 66 one cannot be read.";

static void print_guests(const struct scenario *scenario)
{
    const struct virtualization_spec *guests = &scenario->virtualization;
    char memory[QUANTITY_TEXT_B];

    if (guests->technology.kind == VIRT_NATIVE) {
        printf("  guests    none: ranks run on the bare nodes (%s)\n", guests->technology.name);
        return;
    }
    unit_format(DIMENSION_BYTES, guests->memory_B, memory);
    printf("  guests    %d a node, %d vCPU%s and %s each (%s)\n", guests->vms_per_node,
           guests->vcpus, guests->vcpus == 1 ? "" : "s", memory, guests->technology.name);
}

static int print_summary(const char *path, const struct scenario *scenario)
{
    const struct node_profile *node = &scenario->cluster.node;
    char memory[QUANTITY_TEXT_B];
    struct platform platform;

    const int status = platform_init(&platform, scenario, -1);
    if (status != 0)
        return status;
    unit_format(DIMENSION_BYTES, node->memory_B, memory);
    printf("%s: %s\n", path, scenario->title);
    printf("  nodes     %d, %d core%s and %s each (%s)\n", platform.n_nodes, platform.n_cores,
           platform.n_cores == 1 ? "" : "s", memory, node->name);
    printf("  network   %s (%s)\n", topology_kind_names[platform.topology.kind],
           platform.link.name);
    print_guests(scenario);
    printf("  ranks     %d, %s mapping (%s)\n", platform.n_ranks, mapping_names[scenario->mapping],
           platform.mpi.name);
    printf("  workload  %s\n", scenario->workload->name);
    printf("  run       %d replication%s, seed %ld, engine %s\n", scenario->run.replications,
           scenario->run.replications == 1 ? "" : "s", scenario->run.seed, scenario->run.engine);
    platform_release(&platform);
    return 0;
}

static int check_one(const char *program, const struct request *request, const char *path)
{
    struct diagnostics *diagnostics = diagnostics_new();
    struct scenario *scenario;

    if (diagnostics == NULL) {
        fprintf(stderr, "%s: %s\n", program, strerror(ENOMEM));
        return EXIT_OUR_BUG;
    }
    int code = command_read_scenario(program, path, request->scenario.n_settings,
                                     request->scenario.settings, request->scenario.is_strict,
                                     diagnostics, &scenario);
    if (code == EXIT_DONE) {
        diagnostics_print(diagnostics, stderr, command_uses_color(stderr));
        const int status = print_summary(path, scenario);
        if (status != 0) {
            fprintf(stderr, "%s: %s: %s\n", program, path, strerror(-status));
            code = EXIT_OUR_BUG;
        }
        scenario_free(scenario);
    }
    diagnostics_free(diagnostics);
    return code;
}

static int run(int argc, char *argv[])
{
    static const struct argp argp = {options, parse_word, "SCENARIO...", doc, NULL, NULL, NULL};
    struct request request = {.paths = calloc((size_t)argc, sizeof(char *))};
    int worst = EXIT_DONE;

    if (scenario_options_init(&request.scenario, argc) == 0 && request.paths != NULL) {
        command_line_parse(&argp, 0, argc, argv, &request);
        for (int i = 0; i < request.n_paths; i++) {
            const int code = check_one(argv[0], &request, request.paths[i]);
            if (code > worst)
                worst = code;
        }
    } else {
        fprintf(stderr, "%s: %s\n", argv[0], strerror(ENOMEM));
        worst = EXIT_OUR_BUG;
    }
    free(request.paths);
    scenario_options_release(&request.scenario);
    return worst;
}

const struct command command_check = {"check", "check scenarios and say what they would simulate",
                                      run};
