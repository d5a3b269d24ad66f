#include "repeat.h"

#include "clock.h"
#include "extent.h"

#include <math.h>

void repeat_plan(const struct measure *measure, enum thoroughness thoroughness, struct plan *plan,
                 struct raw_cell cell, double one_s)
{
    int counts[MOST_COUNTS];
    const int n = extent_rank_counts(team_largest(measure), thoroughness, counts);

    cell.path = RAW_NOWHERE;
    cell.rank = 0;
    cell.partner = -1;
    for (int i = 0; i < n; i++) {
        cell.n_active = counts[i];
        plan_add(plan, &cell,
                 extent_repetitions(one_s, VISIT_REPETITIONS) *
                     fmax(one_s, extent_target_s(cell.n_active)));
    }
}

int repeat_visit(const struct measure *measure, const struct raw_cell *cell, struct visit *visit)
{
    struct team team = team_of(measure, cell);
    const int status =
        team.place < 0 ? MPI_SUCCESS : operation_for(cell)->of_team(measure, cell, &team, visit);
    team_release(&team);
    return status;
}

static double time_of(repeated_work *work, void *data, long n)
{
    const double start_s = clock_now_s();
    work(data, n);
    return clock_now_s() - start_s;
}

/* Cold work would make batches too short, so their length is found by a second look. All ranks of a
 * team take that of the slowest. */
static int find_batch(const struct measure *measure, const struct team *team, double target_s,
                      repeated_work *work, void *data, double *one_s)
{
    int status = team_meet(measure, team, one_s);
    if (status != MPI_SUCCESS || *one_s > target_s)
        return status;
    const long n = extent_batch(*one_s, target_s);
    *one_s = time_of(work, data, n) / (double)n;
    return team_meet(measure, team, one_s);
}

int repeat_work(const struct measure *measure, const struct team *team, repeated_work *work,
                void *data, struct visit *visit)
{
    return repeat_work_for(measure, team, extent_target_s(team->n), work, data, visit);
}

int repeat_work_for(const struct measure *measure, const struct team *team, double target_s,
                    repeated_work *work, void *data, struct visit *visit)
{
    double none = 0.0;
    int status = team_meet(measure, team, &none);
    if (status != MPI_SUCCESS)
        return status;
    double one_s = visit->times_s[0] = time_of(work, data, 1);
    status = find_batch(measure, team, target_s, work, data, &one_s);
    const long batch = extent_batch(one_s, target_s);
    const int n = extent_repetitions(one_s, VISIT_REPETITIONS);
    visit->n = 1;
    while (visit->n < n && status == MPI_SUCCESS) {
        status = team_meet(measure, team, &none);
        visit->times_s[visit->n++] = time_of(work, data, batch) / (double)batch;
    }
    return status;
}
