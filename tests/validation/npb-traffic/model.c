/*
 * model.c - prints what the simulated NPB programs send, with the lines of count.c after the run:
 *     kernel class ranks rank sends sent_B destinations receives KIND_calls KIND_B ...
 * Each line on standard input is a run: kernel class ranks, as in "cg A 16". A run that the
 * kernel's rules refuse prints "kernel class ranks refused".
 */
#include "tests/unit/npb_traffic.h"

#include <stdio.h>

int main(void)
{
    char line[64];
    struct npb_traffic_run run;

    while (fgets(line, sizeof line, stdin)) {
        if (!npb_traffic_run_of(line, &run)) {
            fprintf(stderr, "model: no run: %s", line);
            return 2;
        }
        if (run.class > run.kernel->last_class || !run.kernel->runs_on(run.class, run.n_ranks))
            printf("%s %s %d refused\n", run.kernel->name, npb_class_names[run.class], run.n_ranks);
        else if (npb_traffic_print(&run, stdout) < 0)
            return 2;
    }
    return 0;
}
