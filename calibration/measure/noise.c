/*
 * noise.c - detours of each rank's core while all ranks at once do nothing but look at their
 * clocks, and what of that time the hypervisor says it took (steal).
 *
 * Parameters of a node, or of a technology: noise.rate, .length, .spread (raw.h). Left out: what
 * happens only beside other work, and detours shorter than some looks at the clock.
 */
#include "clock.h"
#include "detour.h"
#include "line.h"
#include "system_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOOKS_FOR_QUANTUM = 20001, MOST_SEEN = 1 << 19 };

/* In the file: of all ranks together, and of each at least. */
enum { MOST_LISTED = 50000, LISTED_OF_RANK = 500 };

static const double watched_s[] = {[QUICK] = 2.0, [USUAL] = 5.0, [FULL] = 10.0};

/* --- steal -------------------------------------------------------------------------------- */

enum { STEAL = 7 }; /* behind user, nice, system, idle, iowait, irq, softirq */

/* Seconds that the hypervisor took from the core, or from each on average where core is -1; NAN:
 * the system does not say. */
static double stolen_now_s(int core)
{
    const struct environment_source here = {.root = ""};
    char *text = system_text(&here, "/proc/stat");
    double ticks, stolen_s = NAN;
    char name[32];
    int n_cores = 0;

    snprintf(name, sizeof name, core >= 0 ? "cpu%d" : "cpu", core);
    for (char *rest = text, *line; (line = strsep(&rest, "\n")) && strncmp(line, "cpu", 3) == 0;) {
        const char *label = strsep(&line, " ");
        n_cores += strcmp(label, "cpu") != 0;
        if (line && strcmp(label, name) == 0 && word_number(line, STEAL, &ticks))
            stolen_s = ticks / (double)sysconf(_SC_CLK_TCK);
    }
    free(text);
    return core >= 0 || n_cores == 0 ? stolen_s : stolen_s / n_cores;
}

/* --- watching ----------------------------------------------------------------------------- */

static double find_quantum_s(void)
{
    static double gaps_s[LOOKS_FOR_QUANTUM];
    double last_s = clock_now_s();

    for (int i = 0; i < LOOKS_FOR_QUANTUM; i++) {
        const double now_s = clock_now_s();
        gaps_s[i] = now_s - last_s;
        last_s = now_s;
    }
    return detour_quantum_s(LOOKS_FOR_QUANTUM, gaps_s);
}

/* Looks until `length_s` have passed, or there are more detours than anybody wants to know. */
static double watch_for(struct detour_watch *watch, double length_s)
{
    const double quantum_s = find_quantum_s();
    const double start_s = clock_now_s();

    detour_begin(watch, quantum_s, start_s);
    while (watch->last_s - start_s < length_s && watch->n < watch->most)
        detour_look(watch, clock_now_s());
    return watch->last_s - start_s;
}

/* A nanosecond in ten is nothing: files are shorter without it. */
static double rounded_s(double time_s)
{
    return round(time_s * 1e10) / 1e10;
}

static json_t *line_of(const struct measure *measure, const struct detour_watch *watch,
                       double observed_s, double stolen_s)
{
    json_t *list = json_array();

    for (size_t i = 0; i < watch->n; i++)
        json_array_append_new(list, json_pack("[f, f]", rounded_s(watch->detours[i].start_s),
                                              rounded_s(watch->detours[i].length_s)));
    return json_pack("{s:o, s:i, s:f, s:f, s:f, s:f, s:f, s:o}", "detours", list, "rank",
                     measure->rank, "observed_s", observed_s, "quantum_s", watch->quantum_s,
                     "threshold_s", watch->threshold_s, "n_shorter", watch->n_shorter, "shorter_s",
                     watch->shorter_s, "stolen_s",
                     isnan(stolen_s) ? json_null() : json_real(stolen_s));
}

static int run_noise(const struct measure *measure, enum thoroughness thoroughness)
{
    const int core = measure->core[measure->rank];
    const size_t listed = (size_t)(MOST_LISTED / measure->n_ranks);
    struct detour_watch watch = {.most = MOST_SEEN};

    if (measure->is_simulated)
        return MPI_SUCCESS;
    watch.detours = malloc(MOST_SEEN * sizeof *watch.detours);
    if (watch.detours) /* or getting its pages would be detours */
        memset(watch.detours, 0, MOST_SEEN * sizeof *watch.detours);
    const int status = MPI_Barrier(measure->world);
    if (!watch.detours || status != MPI_SUCCESS) {
        free(watch.detours);
        return status != MPI_SUCCESS ? status : MPI_ERR_NO_MEM;
    }
    const double stolen_before_s = stolen_now_s(core);
    const double observed_s = watch_for(&watch, watched_s[thoroughness]);
    const double stolen_s = stolen_now_s(core) - stolen_before_s;
    if (detour_thin(&watch, listed > LISTED_OF_RANK ? listed : LISTED_OF_RANK) == 0)
        line_add(line_of(measure, &watch, observed_s, stolen_s));
    free(watch.detours);
    return MPI_Barrier(measure->world);
}

const struct survey survey_noise = {
    .name = "noise",
    .help = "detours of all cores from ranks that do nothing but look at their clocks",
    .run = run_noise,
};
