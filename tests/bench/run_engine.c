/*
 * run_engine.c - one run of a scenario through the default engine, without draws.
 *
 *     run_engine SCENARIO [KEY=VALUE ...]
 *
 * Prints the wall clock and CPU seconds of the whole run (fork, platform and all), the simulated
 * seconds, the worker's peak KiB, and the number of messages.
 */
#include "sim/engine/engine.h"
#include "sim/input/diagnostic.h"
#include "sim/input/scenario.h"
#include "sim/platform/platform.h"
#include "sim/workload/workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double wall_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int measure(const struct platform *platform, const struct program *program)
{
    const struct engine_options options = {.keep_traffic = false};
    struct outcome outcome = {0};
    char error[1024] = "";
    struct rusage usage;
    const double start_s = wall_s();
    if (engine_run(engines[0], platform, program, &options, &outcome, error, sizeof error) < 0) {
        fprintf(stderr, "%s\n", error);
        return EXIT_FAILURE;
    }
    const double end_s = wall_s();
    getrusage(RUSAGE_CHILDREN, &usage);
    const double cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                         1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    printf("ours %.4f %.4f %.9g %ld %llu\n", end_s - start_s, cpu_s, outcome.elapsed_s,
           usage.ru_maxrss, (unsigned long long)outcome.n_messages);
    outcome_release(&outcome);
    return EXIT_SUCCESS;
}

int main(int argc, char *argv[])
{
    struct diagnostics *diagnostics = diagnostics_new();
    struct scenario *scenario = NULL;
    struct platform platform;
    struct program program;
    if (argc < 2 || !diagnostics)
        return EXIT_FAILURE;
    if (scenario_read(argv[1], argc - 2, (const char *const *)&argv[2], diagnostics, &scenario)) {
        diagnostics_print(diagnostics, stderr, 0);
        return EXIT_FAILURE;
    }
    if (platform_init(&platform, scenario, -1) ||
        scenario->workload->program_new(scenario->workload_spec, platform.n_ranks, &program))
        return EXIT_FAILURE;
    const int status = measure(&platform, &program);
    scenario->workload->program_free(&program);
    platform_release(&platform);
    scenario_free(scenario);
    diagnostics_free(diagnostics);
    return status;
}
