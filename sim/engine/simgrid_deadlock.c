/*
 * simgrid_deadlock.c - what the ranks of a run wait for when none of them can go on.
 */
#include "simgrid_world.h"

#include <simgrid/engine.h>
#include <stdio.h>
#include <string.h>

/* Most of them in one sentence; more would tell nothing new. */
enum { MAX_RANKS_NAMED = 8 };

static int name_rank(char *text, size_t size, const char *format, int number)
{
    return number == RANK_ANY ? snprintf(text, size, "any") : snprintf(text, size, format, number);
}

static void describe_wait(const struct rank *rank, char *text, size_t size)
{
    char source[32], tag[32];
    name_rank(source, sizeof source, "%d", rank->waiting_source);
    name_rank(tag, sizeof tag, "%d", rank->waiting_tag);
    if (rank->waiting_for == WAITING_FOR_MESSAGE)
        snprintf(text, size, "rank %d waits for a message from rank %s with tag %s", rank->number,
                 source, tag);
    else if (rank->waiting_for == WAITING_FOR_RECEIVER)
        snprintf(text, size, "rank %d waits for rank %s to receive tag %s", rank->number, source,
                 tag);
    else
        snprintf(text, size, "rank %d waits in a collective", rank->number);
}

static void append(char *text, size_t size, const char *more)
{
    const size_t length = strlen(text);
    snprintf(text + length, size - length, "%s", more);
}

void world_report_deadlock(void *context)
{
    struct world *world = context;
    int n_waiting = 0;
    snprintf(world->error, world->error_size, "deadlock at %.9g s: ", simgrid_get_clock());
    for (int i = 0; i < world->n_ranks; i++) {
        const struct rank *rank = &world->ranks[i];
        if (rank->waiting_for == WAITING_FOR_NOTHING || n_waiting++ >= MAX_RANKS_NAMED)
            continue;
        char text[160];
        describe_wait(rank, text, sizeof text);
        append(world->error, world->error_size, n_waiting > 1 ? ", " : "");
        append(world->error, world->error_size, text);
    }
    if (n_waiting > MAX_RANKS_NAMED) {
        char text[64];
        snprintf(text, sizeof text, ", and %d more", n_waiting - MAX_RANKS_NAMED);
        append(world->error, world->error_size, text);
    }
}
