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
    char kernel[8], class[2];
    struct npb_traffic_run run;
    int n_ranks;

    while (scanf("%7s %1s %d", kernel, class, &n_ranks) == 3) {
        if (!npb_traffic_run_of(kernel, class, n_ranks, &run)) {
            fprintf(stderr, "model: no run %s %s %d\n", kernel, class, n_ranks);
            return 2;
        }
        if (!run.kernel->runs_on(run.class, n_ranks))
            printf("%s %s %d refused\n", kernel, class, n_ranks);
        else if (npb_traffic_print(&run, stdout) < 0)
            return 2;
    }
    return 0;
}
