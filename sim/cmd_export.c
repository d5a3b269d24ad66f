/*
 * cmd_export.c - `vhpcsim export`: a scenario's platform for other simulators.
 */
#include "command.h"
#include "command_line.h"
#include "command_scenario.h"
#include "command_trouble.h"
#include "scenario_options.h"
#include "sim/platform/export.h"
#include "sim/result/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Routes are told one by one, of each domain to each. */
enum { MOST_DOMAINS = 512 };

enum { KEY_FORMAT = KEY_OF_COMMAND, KEY_HOSTFILE };

struct request {
    const char *path, *output, *hostfile; /* NULL: standard output; no file */
    bool is_loggops;
    struct scenario_options scenario;
};

static const struct argp_option options[] = {
    {"output", 'o', "FILE", 0, "Write to FILE; default: standard output", 0},
    {"format", KEY_FORMAT, "simgrid|loggops", 0,
     "simgrid: a platform file with SMPI's flags (default); loggops: LogGOPSim's parameters", 0},
    {"hostfile", KEY_HOSTFILE, "FILE", 0, "Write which host each rank is on, for smpirun", 0},
    SCENARIO_SET,
    SCENARIO_STRICT,
    {NULL, 0, NULL, 0, NULL, 0}};

static const char doc[] =
    "Writes the platform of SCENARIO (\"-\": standard input) for SimGrid's SMPI or LogGOPSim, and "
    "says "
    "on standard error what these cannot express."
    "\v"
    "Example:\n"
    "  vhpcsim export SCENARIO -o platform.xml --hostfile hosts\n"
    "  smpirun -np 2 -platform platform.xml -hostfile hosts ./program\n"
    "\n"
    "Exit status: 0 written, 65 the scenario has errors, 66 it cannot be read, 73 cannot write.";

static error_t parse_word(int key, char *word, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case 'o':
        request->output = word;
        return 0;
    case KEY_HOSTFILE:
        request->hostfile = word;
        return 0;
    case KEY_FORMAT:
        request->is_loggops = strcmp(word, "loggops") == 0;
        if (!request->is_loggops && strcmp(word, "simgrid") != 0)
            argp_error(state, "unknown format \"%s\": simgrid or loggops", word);
        return 0;
    case ARGP_KEY_ARG:
        if (request->path != NULL)
            argp_error(state, "one scenario at a time");
        request->path = word;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "no scenario given");
        return EINVAL;
    default:
        return scenario_options_parse(key, word, state, &request->scenario);
    }
}

typedef void writer(const struct platform *platform, FILE *out);

/* Writes a file as a whole; to standard output where `path` is NULL. */
static int write_file(const char *program, const char *path, writer *write_to,
                      const struct platform *platform)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    int status = out == NULL ? -ENOMEM : 0;

    if (out != NULL) {
        write_to(platform, out);
        status = fclose(out) == 0 ? 0 : -errno;
    }
    if (status == 0 && path != NULL)
        status = output_write(path, text, size);
    else if (status == 0 && (fwrite(text, 1, size, stdout) != size || fflush(stdout) != 0))
        status = -errno;
    free(text);
    if (status == 0)
        return EXIT_DONE;
    fprintf(stderr, "%s: %s: %s\n", program, path != NULL ? path : "standard output",
            strerror(-status));
    return EXIT_CANNOT_WRITE;
}

static int export_platform(const char *program, const struct request *request,
                           const struct platform *platform)
{
    const int n_domains = platform->n_nodes * platform->n_domains_per_node;

    if (!request->is_loggops && n_domains > MOST_DOMAINS) {
        fprintf(stderr,
                "%s: %s: %d guests or nodes, whose routes are told one by one: %d at most\n",
                program, request->path, n_domains, MOST_DOMAINS);
        return EXIT_INVALID_INPUT;
    }
    int code = write_file(program, request->output,
                          request->is_loggops ? export_loggops : export_simgrid, platform);
    if (code == EXIT_DONE && request->hostfile != NULL)
        code = write_file(program, request->hostfile, export_hostfile, platform);
    if (code == EXIT_DONE) {
        fprintf(stderr, "%s: left out:\n", program);
        export_losses(platform, "  ", stderr);
    }
    return code;
}

static int export_scenario(const char *program, const struct request *request)
{
    struct diagnostics *diagnostics = diagnostics_new();
    struct scenario *scenario = NULL;
    struct platform platform;

    if (diagnostics == NULL)
        return command_out_of_memory(program);
    int code = command_read_scenario(program, request->path, request->scenario.n_settings,
                                     request->scenario.settings, request->scenario.is_strict,
                                     diagnostics, &scenario);
    if (code == EXIT_DONE) {
        diagnostics_print(diagnostics, stderr, command_uses_color(stderr));
        const int status = platform_init(&platform, scenario, -1);
        if (status == 0) {
            code = export_platform(program, request, &platform);
            platform_release(&platform);
        } else {
            fprintf(stderr, "%s: %s: %s\n", program, request->path, strerror(-status));
            code = EXIT_OUR_BUG;
        }
        scenario_free(scenario);
    }
    diagnostics_free(diagnostics);
    return code;
}

static int run(int argc, char *argv[])
{
    static const struct argp argp = {options, parse_word, "SCENARIO", doc, NULL, NULL, NULL};
    struct request request = {.path = NULL};
    int code = EXIT_OUR_BUG;

    if (scenario_options_init(&request.scenario, argc) == 0) {
        command_line_parse(&argp, 0, argc, argv, &request);
        code = export_scenario(argv[0], &request);
    } else {
        command_out_of_memory(argv[0]);
    }
    scenario_options_release(&request.scenario);
    return code;
}

const struct command command_export = {"export", "write a platform for SimGrid's SMPI or LogGOPSim",
                                       run};
