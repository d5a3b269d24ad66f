/*
 * fit_loggp.c - what short messages cost in the words of LogGP, beside the pieces that profiles
 * have: for whoever compares machines, and as a check, since streams of messages are in no piece.
 */
#include "fitted.h"
#include "loggp.h"

#include "profile_text.h"
#include "sim/input/unit.h"

#include <errno.h>
#include <stdlib.h>

/* Which operation says what. */
static const struct {
    enum raw_operation operation;
    enum loggp_kind kind;
} sources[] = {{RAW_SEND, LOGGP_SEND},
               {RAW_RECV, LOGGP_RECV},
               {RAW_PINGPONG, LOGGP_ONE_WAY},
               {RAW_STREAM, LOGGP_STREAM}};
enum { N_SOURCES = sizeof sources / sizeof *sources };

static struct dataset_slice slice_of(const struct fitted *fitted, int source, enum raw_path path)
{
    return dataset_slice(fitted->dataset, sources[source].operation, path, RAW_IDLE, 0);
}

/* All visits of eager messages; `points` has room for them. Returns how many there are. */
static int gather(const struct fitted *fitted, enum raw_path path, double eager_B,
                  struct loggp_point points[])
{
    int n = 0;
    for (int source = 0; source < N_SOURCES; source++) {
        const struct dataset_slice slice = slice_of(fitted, source, path);
        for (int i = 0; i < slice.n; i++) {
            const struct dataset_point *point = &slice.points[i];
            const int n_messages =
                sources[source].kind == LOGGP_STREAM ? (int)point->argument[0] : 1;
            if (point->size_B > eager_B || (sources[source].kind == LOGGP_STREAM && n_messages < 2))
                continue;
            for (int v = 0; v < point->n_visits; v++) {
                points[n] = (struct loggp_point){sources[source].kind, point->size_B, n_messages,
                                                 point->visits[v].median_s,
                                                 dataset_block(&point->visits[v])};
                n++;
            }
        }
    }
    return n;
}

static void tell(struct fitted *fitted, enum raw_path path, const struct loggp *loggp)
{
    char latency[QUANTITY_TEXT_B], send[QUANTITY_TEXT_B], recv[QUANTITY_TEXT_B],
        gap[QUANTITY_TEXT_B], byte[QUANTITY_TEXT_B];
    quantity_text(DIMENSION_TIME, loggp->latency_s.value, 3, latency);
    quantity_text(DIMENSION_TIME, loggp->send_s.value, 3, send);
    quantity_text(DIMENSION_TIME, loggp->recv_s.value, 3, recv);
    quantity_text(DIMENSION_TIME, loggp->gap_s.value, 3, gap);
    quantity_text(DIMENSION_TIME_PER_BYTE, loggp->gap_byte_s.value, 3, byte);
    fitted_note(fitted, NOTE_FACT, PART_MPI,
                "LogGP of eager messages (%s): L %s%s, o_s %s, o_r %s, g %s%s, G %s; all equations "
                "are met within %.1f %%",
                raw_path_names[path], loggp->is_latency_bound ? "at most " : "", latency, send,
                recv, loggp->is_gap_bound ? "at most " : "", gap, byte, 100.0 * loggp->error);
}

static int fit_path_loggp(struct fitted *fitted, enum raw_path path, double eager_B)
{
    struct loggp loggp;
    int n_visits = 0;
    for (int source = 0; source < N_SOURCES; source++) {
        const struct dataset_slice slice = slice_of(fitted, source, path);
        n_visits += dataset_count_visits(&slice);
    }
    struct loggp_point *points = calloc((size_t)n_visits + 1, sizeof *points);
    if (!points)
        return -ENOMEM;
    const int n = gather(fitted, path, eager_B, points);
    const int status = loggp_fit(n, points, &fitted->resampling, &loggp);
    if (status == 0)
        tell(fitted, path, &loggp);
    free(points);
    return status == -ENOMEM ? status : 0;
}

int fit_loggp(struct fitted *fitted)
{
    const double eager_B = fitted->mpi.eager_threshold_B;
    const double local_B = fitted->mpi.local_eager_threshold_B;
    int status = 0;
    if (fitted->has_remote)
        status = fit_path_loggp(fitted, fitted->remote_path, eager_B);
    if (fitted->has_local && status == 0)
        status = fit_path_loggp(fitted, RAW_SAME_DOMAIN, local_B > 0.0 ? local_B : eager_B);
    return status;
}
