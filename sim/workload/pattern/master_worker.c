/*
 * master_worker.c - rank 0 hands out tasks to all others, a chunk at a time to whoever asks.
 *
 * A worker's request carries the results of its last chunk. All requests are received by one rank:
 * its costs of a message, times the chunks, are the least time that the phase can take. Left out:
 * that the master computes.
 */
#include "work.h"

#include <limits.h>
#include <math.h>

enum { MASTER = 0 };

/*
 * The answer's tag says which chunk it is; there is none for the worker that is done. A worker that
 * is done may already ask in a later phase while the master still serves this one: requests of
 * different steps have different tags.
 */
enum { TAG_DONE = 0, TAG_FIRST_CHUNK = 1, MAX_CHUNKS = 100000000 };
enum { TAG_REQUEST = MAX_CHUNKS + TAG_FIRST_CHUNK + 1, N_REQUEST_TAGS = 1 << 20 };

struct master_worker {
    struct phase_common common;
    struct expression n_tasks;
    int chunk; /* tasks in an answer */
    struct expression task_B;
    struct expression result_B;
    struct phase_work work;
};

static long chunks_of(const struct master_worker *spec, long step)
{
    return (long)ceil(expression_at(&spec->n_tasks, step) / spec->chunk);
}

static int tasks_in(const struct master_worker *spec, const struct turn *turn, long chunk)
{
    const double n_left =
        expression_at(&spec->n_tasks, turn->step) - (double)chunk * (double)spec->chunk;
    return n_left < spec->chunk ? (int)n_left : spec->chunk;
}

/* MPI counts the bytes of a chunk in an int. */
static void check_chunk(const struct master_worker *farm, const struct expression *of_task,
                        const char *key, struct pattern_check *check)
{
    double size_B = 0.0;
    for (long step = 0; step < check->n_passes; step++)
        size_B = fmax(size_B, expression_at(of_task, step) * farm->chunk);
    if (size_B > INT_MAX)
        pattern_refuse(check, key, "take smaller chunks",
                       "the %d tasks of a chunk make a message of %.3g GB", farm->chunk,
                       size_B * 1e-9);
}

static void master_worker_complete(void *spec, struct pattern_check *check)
{
    const struct master_worker *farm = spec;
    if (check->n_ranks < 2)
        pattern_refuse(check, "", "give the scenario more ranks",
                       "a master needs workers: at least two ranks");
    check_chunk(farm, &farm->task_B, "task_size", check);
    check_chunk(farm, &farm->result_B, "result_size", check);
    work_check(&farm->work, check);
}

static int request_tag(const struct turn *turn)
{
    return TAG_REQUEST + (int)(turn->index % N_REQUEST_TAGS);
}

/* Serves requests until every worker was told that nothing is left. */
static void serve(const struct master_worker *farm, const struct turn *turn)
{
    const uint64_t task_B = (uint64_t)expression_at(&farm->task_B, turn->step);
    const uint64_t result_B = (uint64_t)expression_at(&farm->result_B, turn->step);
    const long n_chunks = chunks_of(farm, turn->step);
    int n_workers = turn->n_ranks - 1;

    for (long chunk = 0; n_workers > 0; chunk++) {
        struct message request;
        rank_recv(turn->rank, turn->world, RANK_ANY, request_tag(turn),
                  result_B * (uint64_t)farm->chunk, &request);
        if (chunk < n_chunks) {
            rank_send(turn->rank, turn->world, request.source, TAG_FIRST_CHUNK + (int)chunk,
                      task_B * (uint64_t)tasks_in(farm, turn, chunk));
        } else {
            rank_send(turn->rank, turn->world, request.source, TAG_DONE, 0);
            n_workers--;
        }
    }
}

static void work(const struct master_worker *farm, const struct turn *turn)
{
    const uint64_t task_B = (uint64_t)expression_at(&farm->task_B, turn->step);
    const uint64_t result_B = (uint64_t)expression_at(&farm->result_B, turn->step);
    int n_done = 0;

    for (;;) {
        struct message answer;
        rank_send(turn->rank, turn->world, MASTER, request_tag(turn), result_B * (uint64_t)n_done);
        rank_recv(turn->rank, turn->world, MASTER, RANK_ANY, task_B * (uint64_t)farm->chunk,
                  &answer);
        if (answer.tag == TAG_DONE)
            return;
        const long chunk = answer.tag - TAG_FIRST_CHUNK;
        n_done = tasks_in(farm, turn, chunk);
        for (int i = 0; i < n_done; i++)
            work_do(&farm->work, turn, (uint64_t)chunk * (uint64_t)farm->chunk + (uint64_t)i);
    }
}

static void master_worker_part(const void *spec, const struct turn *turn)
{
    if (turn->number == MASTER)
        serve(spec, turn);
    else
        work(spec, turn);
}

static double master_worker_operations(const void *spec, int n_ranks, long step)
{
    const struct master_worker *farm = spec;
    return expression_at(&farm->n_tasks, step) + 2.0 * (double)chunks_of(farm, step) +
           2.0 * n_ranks;
}

static const struct field master_worker_fields[] = {
    PHASE_NAME,
    {.key = "tasks",
     PHASE_COUNT(struct master_worker, n_tasks, 1.0, MAX_CHUNKS),
     .help = "Tasks in all."},
    {.key = "chunk",
     .kind = FIELD_COUNT,
     .min = 1,
     .max = 1e6,
     .fallback = "1",
     .help = "Tasks that are handed out at a time: larger ones spare the master, smaller ones even "
             "out the workers.",
     .offset = offsetof(struct master_worker, chunk)},
    {.key = "task_size",
     PHASE_SIZE(struct master_worker, task_B),
     .fallback = "64 B",
     .help = "What a worker is sent of each task."},
    {.key = "result_size",
     PHASE_SIZE(struct master_worker, result_B),
     .fallback = "64 B",
     .help = "What a worker sends back of each task, with its next request."},
    WORK_FIELDS(struct master_worker, work, "a task"),
    {0}};

extern const struct pattern_kind pattern_master_worker;
const struct pattern_kind pattern_master_worker = {
    .name = "master_worker",
    .help = "Rank 0 hands out tasks to the other ranks as they ask. The master's cost of a message "
            "limits how many workers it feeds.",
    .fields = master_worker_fields,
    .spec_size = sizeof(struct master_worker),
    .complete = master_worker_complete,
    .operations = master_worker_operations,
    .part = master_worker_part};
