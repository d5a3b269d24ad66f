#include "crew.h"

#include "clock.h"

#include <math.h>
#include <stdlib.h>

enum { TAG_ANSWER = 1 };

/* Sleeps begin short and become longer: a short visit is followed at once, a long one hardly
 * disturbed. */
static const double first_sleep_s = 2e-5, longest_sleep_s = 2e-3;

int crew_init(struct crew *crew, const struct measure *measure)
{
    const size_t n = (size_t)measure->n_ranks;
    *crew = (struct crew){.rank = measure->rank,
                          .n_ranks = measure->n_ranks,
                          .sleeps = !measure->is_simulated,
                          .answers = calloc(n, sizeof *crew->answers),
                          .requests = calloc(n, sizeof(MPI_Request)),
                          .has_answered = calloc(n, sizeof *crew->has_answered)};
    if (!crew->answers || !crew->requests || !crew->has_answered)
        return MPI_ERR_NO_MEM;
    const int error = MPI_Comm_dup(measure->world, &crew->comm);
    return error ? error : MPI_Comm_set_errhandler(crew->comm, MPI_ERRORS_RETURN);
}

void crew_release(struct crew *crew)
{
    MPI_Comm_free(&crew->comm);
    free(crew->answers);
    free(crew->requests);
    free(crew->has_answered);
}

static int wait_asleep(const struct crew *crew, MPI_Request *request)
{
    int is_done = 0;
    double sleep_s = first_sleep_s;
    if (!crew->sleeps)
        return MPI_Wait(request, MPI_STATUS_IGNORE);
    for (;;) {
        const int error = MPI_Test(request, &is_done, MPI_STATUS_IGNORE);
        if (error || is_done)
            return error;
        clock_sleep(sleep_s);
        sleep_s = fmin(1.5 * sleep_s, longest_sleep_s);
    }
}

int crew_order(struct crew *crew, struct order *order)
{
    MPI_Request request;
    for (int i = 1; i < crew->n_ranks; i++)
        atomic_store(&crew->has_answered[i], false);
    int error = MPI_Ibcast(order, sizeof *order, MPI_BYTE, 0, crew->comm, &request);
    if (!error)
        error = wait_asleep(crew, &request);
    return error ? error : MPI_Barrier(crew->comm);
}

/* Waits for one more of the answers; sets *from. */
static int wait_for_any(struct crew *crew, int *from)
{
    int is_there = 0;
    double sleep_s = first_sleep_s;
    if (!crew->sleeps)
        return MPI_Waitany(crew->n_ranks, crew->requests, from, MPI_STATUS_IGNORE);
    for (;;) {
        const int error =
            MPI_Testany(crew->n_ranks, crew->requests, from, &is_there, MPI_STATUS_IGNORE);
        if (error || is_there)
            return error;
        clock_sleep(sleep_s);
        sleep_s = fmin(1.5 * sleep_s, longest_sleep_s);
    }
}

static int collect(struct crew *crew, const struct answer *mine)
{
    crew->requests[0] = MPI_REQUEST_NULL;
    crew->answers[0] = *mine;
    for (int i = 1; i < crew->n_ranks; i++) {
        const int error = MPI_Irecv(&crew->answers[i], sizeof *crew->answers, MPI_BYTE, i,
                                    TAG_ANSWER, crew->comm, &crew->requests[i]);
        if (error)
            return error;
    }
    for (int n = 1; n < crew->n_ranks; n++) {
        int from;
        const int error = wait_for_any(crew, &from);
        if (error)
            return error;
        atomic_store(&crew->has_answered[from], true);
    }
    return MPI_SUCCESS;
}

int crew_hear(struct crew *crew, const struct answer *mine)
{
    MPI_Request request;
    if (crew->rank == 0)
        return collect(crew, mine);
    const int error = MPI_Isend(mine, sizeof *mine, MPI_BYTE, 0, TAG_ANSWER, crew->comm, &request);
    return error ? error : wait_asleep(crew, &request);
}
