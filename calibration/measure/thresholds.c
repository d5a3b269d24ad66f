#include "thresholds.h"

#include "line.h"
#include "network.h"
#include "threshold_methods.h"

#include <math.h>
#include <stdlib.h>

enum { SEMANTIC, STATISTICAL, SAID };
static const char *const method_names[N_THRESHOLD_METHODS] = {
    [SEMANTIC] = "semantic", [STATISTICAL] = "statistical", [SAID] = "mpi_t"};

/* No library sends more eagerly, and the trial of one size should not take minutes. */
static const double largest_eager_B = 0x1p24;

/* All brackets of a path, on the pair's first rank; others take part where they are asked. */
static int ask(const struct measure *measure, enum raw_path path, const int pair[2],
               double largest_B, struct bracket brackets[N_THRESHOLD_METHODS])
{
    int status = threshold_semantic(measure, pair, largest_B, &brackets[SEMANTIC]);

    if (status == MPI_SUCCESS)
        status = threshold_statistical(measure, path, pair, &brackets[SEMANTIC], largest_B,
                                       &brackets[STATISTICAL]);
    brackets[SAID] = threshold_mpi_t(path);
    return status;
}

/* Adds what was found; returns how many there are then. */
static int keep(const struct measure *measure, enum raw_path path,
                const struct bracket brackets[N_THRESHOLD_METHODS], int n,
                struct raw_threshold found[])
{
    for (int i = 0; i < N_THRESHOLD_METHODS; i++) {
        const struct bracket *bracket = &brackets[i];
        if (isnan(bracket->from_B) || isnan(bracket->to_B))
            continue;
        found[n++] = (struct raw_threshold){.kind = "eager",
                                            .method = method_names[i],
                                            .path = path,
                                            .from_B = bracket->from_B,
                                            .to_B = bracket->to_B};
        if (measure->rank == 0)
            line_add(json_pack("{s:s, s:s, s:s, s:f, s:f}", "threshold", "eager", "path",
                               raw_path_names[path], "method", method_names[i], "from_B",
                               bracket->from_B, "to_B", bracket->to_B));
    }
    return n;
}

int thresholds_find(const struct measure *measure, double largest_B, struct raw_threshold found[])
{
    int *ranks = calloc((size_t)measure->n_ranks, sizeof *ranks);
    int n = 0, status = ranks ? MPI_SUCCESS : MPI_ERR_NO_MEM;

    largest_B = fmin(largest_B, largest_eager_B);
    for (enum raw_path path = RAW_SAME_DOMAIN; path <= RAW_OTHER_HOST && status == MPI_SUCCESS;
         path++) {
        struct bracket brackets[N_THRESHOLD_METHODS];
        if (network_find_pairs(measure, path, ranks) == 0)
            continue;
        status = ask(measure, path, ranks, largest_B, brackets);
        if (status == MPI_SUCCESS)
            status = network_tell_all(measure, ranks[0], brackets, sizeof brackets);
        n = keep(measure, path, brackets, n, found);
    }
    free(ranks);
    return status == MPI_SUCCESS ? n : -status;
}
