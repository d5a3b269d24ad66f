/*
 * run_engine.c - one run of a scenario through the default engine, without draws.
 *
 *     run_engine SCENARIO [KEY=VALUE ...]
 *
 * Prints the wall clock and CPU seconds of the whole run (fork, platform and all), the simulated
 * seconds, the worker's peak KiB, the number of messages, and the peak KiB of a worker that has the
 * same platform and the same ranks, which do nothing: what SimGrid needs before the first flow.
 */
#include "sim/engine/program.h"
#include "sim/input/diagnostic.h"
#include "sim/input/scenario.h"
#include "sim/platform/platform.h"
#include "sim/workload/workload.h"
#include "tests/unit/engine_run.h"

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

/* CPU seconds of all workers so far; their largest peak. */
static double workers_cpu_s(long *peak_KiB)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    *peak_KiB = usage.ru_maxrss;
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void run(const struct platform *platform, const struct program *program,
                struct outcome *outcome)
{
    const struct engine_options options = {.keep_traffic = false};
    char error[1024] = "";
    if (engine_run(engines[0], platform, program, &options, outcome, error, sizeof error) == 0)
        return;
    fprintf(stderr, "%s\n", error);
    exit(EXIT_FAILURE);
}

static bool no_step(const void *plan, long index, struct step *step)
{
    (void)plan;
    (void)index;
    (void)step;
    return false;
}

static void measure(const struct platform *platform, const struct program *program)
{
    const struct program idle = {.step = no_step, .n_ranks = program->n_ranks};
    struct outcome outcome = {0};
    long idle_KiB, peak_KiB;
    run(platform, &idle, &outcome); /* first: the peak is that of all workers so far */
    const double idle_cpu_s = workers_cpu_s(&idle_KiB);

    const double start_s = wall_s();
    run(platform, program, &outcome);
    const double end_s = wall_s();
    const double cpu_s = workers_cpu_s(&peak_KiB) - idle_cpu_s;
    printf("ours %.4f %.4f %.9g %ld %llu %ld\n", end_s - start_s, cpu_s, outcome.elapsed_s,
           peak_KiB, (unsigned long long)outcome.n_messages, idle_KiB);
    outcome_release(&outcome);
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
    measure(&platform, &program);
    scenario->workload->program_free(&program);
    platform_release(&platform);
    scenario_free(scenario);
    diagnostics_free(diagnostics);
    return EXIT_SUCCESS;
}
