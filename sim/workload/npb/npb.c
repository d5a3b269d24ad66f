/*
 * npb.c - the workload `npb`: one kernel of one class, as NPB's MPI programs run it.
 */
#include "npb.h"

#include "sim/input/scenario.h"
#include "sim/workload/shared.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>

const char *const npb_class_names[N_NPB_CLASSES + 1] = {"S", "W", "A", "B", "C",
                                                        "D", "E", "F", NULL};

const struct npb_kernel *const npb_kernels[] = {&npb_bt, &npb_cg, &npb_ep, &npb_ft, &npb_is,
                                                &npb_lu, &npb_mg, &npb_sp, NULL};
const char *const npb_kernel_names[] = {"bt", "cg", "ep", "ft", "is", "lu", "mg", "sp", NULL};
static_assert(sizeof npb_kernels / sizeof npb_kernels[0] ==
                  sizeof npb_kernel_names / sizeof npb_kernel_names[0],
              "a name for every kernel");

enum { SLOT_TIME_S };

bool npb_is_power_of_two(int n)
{
    return n > 0 && (n & (n - 1)) == 0;
}

struct npb_case npb_case_of(const struct npb_kernel *kernel, int class, int n_iterations)
{
    assert(class >= 0 && class <= (int)kernel->last_class);
    return (struct npb_case){.class = (enum npb_class) class,
                             .n_iterations = n_iterations > 0 ? n_iterations
                                                              : kernel->default_iterations(class)};
}

const struct npb_kernel *npb_spec_kernel(const struct npb_spec *spec)
{
    return npb_kernels[spec->kernel];
}

struct npb_case npb_spec_case(const struct npb_spec *spec)
{
    return npb_case_of(npb_spec_kernel(spec), spec->class, spec->n_iterations);
}

/* --- time ------------------------------------------------------------------------------------ */

void npb_timer_start(struct npb_timer *timer, const struct rank *rank)
{
    timer->start_s = rank_time_s(rank);
}

void npb_timer_stop(const struct npb_timer *timer, struct rank *rank)
{
    rank_record(rank, SLOT_TIME_S, rank_time_s(rank) - timer->start_s);
}

/* --- scenario -------------------------------------------------------------------------------- */

static int npb_program_new(const void *spec_, int n_ranks, struct program *program)
{
    const struct npb_spec *spec = spec_;
    const struct npb_case problem = npb_spec_case(spec);

    return npb_spec_kernel(spec)->program_new(&problem, n_ranks, program);
}

static void upper_case(const char *word, char upper[], size_t size)
{
    size_t i = 0;

    for (; word[i] && i + 1 < size; i++)
        upper[i] = (char)toupper((unsigned char)word[i]);
    upper[i] = '\0';
}

bool npb_check_class(const struct npb_spec *spec, struct diagnostics *diagnostics)
{
    const struct npb_kernel *kernel = npb_spec_kernel(spec);
    const int class = spec->class;
    char name[8], hint[64];
    upper_case(kernel->name, name, sizeof name);

    if (class > (int)kernel->last_class) {
        snprintf(hint, sizeof hint, "its classes are S, W and A to %s",
                 npb_class_names[kernel->last_class]);
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.class", hint,
                            "%s has no class %s", name, npb_class_names[class]);
        return false;
    }
    if (spec->n_iterations > 0 && kernel->default_iterations((enum npb_class) class) == 0)
        diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.iterations",
                            "leave iterations out", "%s has no iterations to choose", name);
    return true;
}

/*
 * The nearest number of ranks below (step -1) or above (step 1) that the kernel runs on; 0: none.
 * All rules have one within a factor of four, or a last one, and IS of class E begins at 64.
 */
static int nearest_ranks(const struct npb_kernel *kernel, enum npb_class class, int n_ranks,
                         int step)
{
    const long last = step < 0 ? 1 : 4L * n_ranks + 64;

    for (long n = n_ranks; n != last + step && n <= INT32_MAX; n += step)
        if (kernel->runs_on(class, (int)n))
            return (int)n;
    return 0;
}

static bool check_ranks(const struct npb_kernel *kernel, const char *name, enum npb_class class,
                        int n_ranks, struct diagnostics *diagnostics)
{
    char hint[96] = "";

    if (kernel->runs_on(class, n_ranks))
        return true;
    const int fewer = nearest_ranks(kernel, class, n_ranks, -1);
    const int more = nearest_ranks(kernel, class, n_ranks, 1);
    if (fewer && more)
        snprintf(hint, sizeof hint, "set ranks to %d or %d", fewer, more);
    else if (fewer || more)
        snprintf(hint, sizeof hint, "set ranks to %d", fewer ? fewer : more);
    diagnostics_add_key(diagnostics, SEVERITY_ERROR, "workload.kernel", hint,
                        "%s of class %s needs a number of ranks that is %s; the scenario has %d",
                        name, npb_class_names[class], kernel->rank_rule, n_ranks);
    return false;
}

static void npb_check(const void *spec_, const struct scenario *scenario,
                      struct diagnostics *diagnostics)
{
    const struct npb_spec *spec = spec_;
    const struct npb_kernel *kernel = npb_spec_kernel(spec);
    const enum npb_class class = (enum npb_class)spec->class;
    const int n_ranks = platform_rank_count(scenario);
    char name[8];
    upper_case(kernel->name, name, sizeof name);

    if (!npb_check_class(spec, diagnostics))
        return;
    if (!check_ranks(kernel, name, class, n_ranks, diagnostics))
        return;
    const struct npb_case problem = npb_spec_case(spec);
    check_rank_memory(scenario, diagnostics, "workload.class", kernel->memory_B(&problem, n_ranks));
}

/* --- results --------------------------------------------------------------------------------- */

static int npb_metrics(const void *spec_, const struct outcome *outcome, struct metric metrics[])
{
    const struct npb_spec *spec = spec_;
    const struct npb_case problem = npb_spec_case(spec);
    const struct record *time = &outcome->records[SLOT_TIME_S];
    const double mops = npb_spec_kernel(spec)->mop(&problem) / time->max;

    metrics[0] = (struct metric){"npb_mops", "Mop/s", mops, true, 3};
    metrics[1] = (struct metric){"npb_mops_per_rank", "Mop/s", mops / (double)time->n, true, 3};
    metrics[2] = (struct metric){"npb_s", "s", time->max, false, 3};
    return 3;
}

static void print_size(const struct npb_size *size, FILE *out)
{
    if (size->n[1] > 0.0)
        fprintf(out, " Size            =           %4.0fx%4.0fx%4.0f\n", size->n[0], size->n[1],
                size->n[2]);
    else
        fprintf(out, " Size            = %24.0f\n", size->n[0]);
}

/* Nothing was computed, so nothing was verified. */
void npb_print_results(const struct npb_kernel *kernel, const struct npb_case *problem,
                       const struct npb_workers *workers, double time_s, double mops, FILE *out)
{
    const struct npb_size size = kernel->size(problem->class);
    char name[8];
    upper_case(kernel->name, name, sizeof name);

    fprintf(out, "\n\n %s Benchmark Completed.\n", name);
    fprintf(out, " Class           = %24s\n", npb_class_names[problem->class]);
    print_size(&size, out);
    fprintf(out, " Iterations      = %24d\n", problem->n_iterations);
    fprintf(out, " Time in seconds = %24.2f\n", time_s);
    fprintf(out, " %-15s = %24d\n", workers->total, workers->n);
    fprintf(out, " %-15s = %24d\n", workers->available, workers->n);
    fprintf(out, " Mop/s total     = %24.2f\n", mops);
    fprintf(out, " %-15s = %24.2f\n", workers->mops_of_each, mops / workers->n);
    fprintf(out, " Operation type  = %24s\n", kernel->operation);
    fprintf(out, " Verification    = %24s\n", "NOT PERFORMED");
    fprintf(out, " Version         = %24s\n", problem->class == NPB_F ? "3.4" : "3.3.1");
}

static void npb_print(const void *spec_, const struct scenario *scenario, int n,
                      const struct metric metrics[], FILE *out)
{
    const struct npb_spec *spec = spec_;
    const struct npb_case problem = npb_spec_case(spec);
    const struct npb_workers processes = {platform_rank_count(scenario), "Total processes",
                                          "Compiled procs", "Mop/s/process"};

    npb_print_results(npb_spec_kernel(spec), &problem, &processes,
                      metric_find(n, metrics, "npb_s")->value,
                      metric_find(n, metrics, "npb_mops")->value, out);
}

static const struct field npb_fields[] = {NPB_ROWS, {0}};

const struct workload workload_npb = {
    .name = "npb",
    .help = "NAS Parallel Benchmarks (MPI): one kernel of one class",
    .about =
        "One of NASA's NAS Parallel Benchmarks as its MPI program of NPB 3.3 runs it: the same "
        "distribution of the data, the same iterations and the same messages, with the program's "
        "own rule for the number of ranks. Mop/s counts NPB's operations by the slowest rank's "
        "time.\n"
        "What dominates depends on the kernel. EP computes random numbers and sums three times at "
        "the end: only what a technology takes from the core shows. MG streams through memory; so "
        "do BT, SP and LU, which exchange faces of their grids, LU in many short messages along a "
        "wavefront that each wait for the last. CG multiplies a sparse matrix and sums over rows "
        "of "
        "ranks with a chain of dependent messages 25 times per iteration, many of 8 bytes: it "
        "shows latency. FT and IS move nearly all their data through one all-to-all per iteration: "
        "they show bandwidth, of the wires and of the backends that copy guests' packets.",
    .fields = npb_fields,
    .spec_size = sizeof(struct npb_spec),
    .check = npb_check,
    .program_new = npb_program_new,
    .program_free = program_free_plan,
    .metrics = npb_metrics,
    .print = npb_print,
};
