/*
 * bag.c - independent tasks that the ranks take from a bag, with nothing to send.
 *
 * Dealt beforehand, each rank has its share of the tasks, whatever they and its node are like.
 * Taken one by one, whoever is free takes the next: the best that a scheduler without knowledge can
 * do, as what the bag itself costs (a lock, a server, a file) is left out; master_worker has it.
 */
#include "work.h"

enum assignment { ASSIGN_BLOCK, ASSIGN_CYCLIC, ASSIGN_DYNAMIC };
static const char *const assignment_names[] = {"block", "cyclic", "dynamic", NULL};

struct bag {
    struct phase_common common;
    struct expression n_tasks;
    int assignment; /* enum assignment */
    struct phase_work work;
};

static void bag_complete(void *spec, struct pattern_check *check)
{
    work_check(&((const struct bag *)spec)->work, check);
}

/* Tasks `first`, `first` + `stride`, ... below `end`. */
static void do_share(const struct bag *bag, const struct turn *turn, long first, long end,
                     long stride)
{
    for (long task = first; task < end; task += stride)
        work_do(&bag->work, turn, (uint64_t)task);
}

static void bag_part(const void *spec, const struct turn *turn)
{
    const struct bag *bag = spec;
    const long n_tasks = (long)expression_at(&bag->n_tasks, turn->step);
    const long number = turn->number, n_ranks = turn->n_ranks;
    long task;

    switch ((enum assignment)bag->assignment) {
    case ASSIGN_BLOCK:
        do_share(bag, turn, n_tasks * number / n_ranks, n_tasks * (number + 1) / n_ranks, 1);
        break;
    case ASSIGN_CYCLIC:
        do_share(bag, turn, number, n_tasks, n_ranks);
        break;
    case ASSIGN_DYNAMIC:
        while ((task = rank_take(turn->rank, turn->world, (uint64_t)turn->index, n_tasks)) >= 0)
            work_do(&bag->work, turn, (uint64_t)task);
        break;
    }
}

static double bag_operations(const void *spec, int n_ranks, long step)
{
    const struct bag *bag = spec;
    return expression_at(&bag->n_tasks, step) + n_ranks;
}

static const struct field bag_fields[] = {
    PHASE_NAME,
    {.key = "tasks", PHASE_COUNT(struct bag, n_tasks, 1.0, 1e9), .help = "Tasks in all."},
    {.key = "assignment",
     .kind = FIELD_CHOICE,
     .choices = assignment_names,
     .fallback = "dynamic",
     .help = "block and cyclic deal the tasks beforehand, dynamic gives the next to whoever is "
             "free.",
     .offset = offsetof(struct bag, assignment)},
    WORK_FIELDS(struct bag, work, "a task"),
    {0}};

extern const struct pattern_kind pattern_bag;
const struct pattern_kind pattern_bag = {
    .name = "bag",
    .help = "Independent tasks, dealt beforehand or taken one by one by whoever is free: parameter "
            "studies. The CPU alone limits it.",
    .fields = bag_fields,
    .spec_size = sizeof(struct bag),
    .complete = bag_complete,
    .operations = bag_operations,
    .part = bag_part};
