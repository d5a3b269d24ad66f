/*
 * match.h - which message a receive gets: MPI's matching rule.
 *
 * Each rank has a mailbox with two queues: receives that wait for a message, and messages that
 * wait for a receive. A new arrival on either side takes the first of the other side that fits,
 * in the order of posting; so messages of one rank with one tag on one communicator never
 * overtake each other. Entries are embedded in the engine's own structures.
 * Cost: linear in the entries that wait at this rank.
 */
#ifndef VHPCSIM_MATCH_H
#define VHPCSIM_MATCH_H

#include <stdbool.h>

struct match_key {
    int comm;   /* context number of the communicator */
    int source; /* rank in the communicator; in a receive, RANK_ANY too */
    int tag;    /* in a receive, RANK_ANY too */
};

struct match_entry {
    struct match_key key;
    struct match_entry *next; /* the queue's */
};

struct match_queue {
    struct match_entry *first;
    struct match_entry **end;
};

struct mailbox {
    struct match_queue receives;
    struct match_queue messages;
};

void mailbox_init(struct mailbox *mailbox);

/* A new message takes the receive that waited for it, or is queued and NULL comes back. */
struct match_entry *mailbox_add_message(struct mailbox *mailbox, struct match_entry *message);

/* A new receive takes the message that waited for it, or is queued and NULL comes back. */
struct match_entry *mailbox_add_receive(struct mailbox *mailbox, struct match_entry *receive);

/* Takes back a receive, which must be queued. */
void mailbox_remove_receive(struct mailbox *mailbox, struct match_entry *receive);

/* The message that a receive with this key would take; it stays. NULL: none. */
struct match_entry *mailbox_peek(const struct mailbox *mailbox, const struct match_key *receive);

#endif
