#include "team.h"

#include <math.h>
#include <stdlib.h>

enum { TAG_MEET = 4711 };

static int count_on_host(const struct measure *measure, int host)
{
    int n = 0;
    for (int i = 0; i < measure->n_ranks; i++)
        n += measure->host[i] == host;
    return n;
}

/* How many ranks of its host come before it. */
static int number_on_host(const struct measure *measure, int rank)
{
    int n = 0;
    for (int i = 0; i < rank; i++)
        n += measure->host[i] == measure->host[rank];
    return n;
}

struct team team_of(const struct measure *measure, const struct raw_cell *cell)
{
    const int host = measure->host[measure->rank];
    const int n_local = count_on_host(measure, host);
    const int first = number_on_host(measure, cell->rank) % n_local;
    struct team team = {.n = cell->n_active < n_local ? cell->n_active : n_local, .place = -1};
    int number = 0;

    team.ranks = calloc((size_t)team.n, sizeof(int));
    if (!team.ranks)
        abort();
    for (int i = 0; i < measure->n_ranks; i++) {
        if (measure->host[i] != host)
            continue;
        const int place = (number++ + n_local - first) % n_local;
        if (place >= team.n)
            continue;
        team.ranks[place] = i;
        if (i == measure->rank)
            team.place = place;
    }
    return team;
}

void team_release(struct team *team)
{
    free(team->ranks);
    *team = (struct team){.place = -1};
}

/* In each step a rank tells the one twice as far ahead; the largest of all has then reached all, as
 * it does no harm to hear of a value twice. */
int team_meet(const struct measure *measure, const struct team *team, double *value)
{
    for (int distance = 1; distance < team->n; distance *= 2) {
        const int to = team->ranks[(team->place + distance) % team->n];
        const int from = team->ranks[(team->place + team->n - distance) % team->n];
        double other;
        const int status = MPI_Sendrecv(value, 1, MPI_DOUBLE, to, TAG_MEET, &other, 1, MPI_DOUBLE,
                                        from, TAG_MEET, measure->world, MPI_STATUS_IGNORE);
        if (status != MPI_SUCCESS)
            return status;
        *value = fmax(*value, other);
    }
    return MPI_SUCCESS;
}

int team_largest(const struct measure *measure)
{
    int largest = 1;
    for (int i = 0; i < measure->n_ranks; i++) {
        const int n = count_on_host(measure, measure->host[i]);
        largest = n > largest ? n : largest;
    }
    return largest;
}
