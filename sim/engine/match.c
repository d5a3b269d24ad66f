#include "match.h"

#include "engine.h"

#include <assert.h>
#include <stddef.h>

static void queue_init(struct match_queue *queue)
{
    queue->first = NULL;
    queue->end = &queue->first;
}

void mailbox_init(struct mailbox *mailbox)
{
    queue_init(&mailbox->receives);
    queue_init(&mailbox->messages);
}

static bool fits(const struct match_key *receive, const struct match_key *message)
{
    return receive->comm == message->comm &&
           (receive->source == RANK_ANY || receive->source == message->source) &&
           (receive->tag == RANK_ANY || receive->tag == message->tag);
}

static void append(struct match_queue *queue, struct match_entry *entry)
{
    entry->next = NULL;
    *queue->end = entry;
    queue->end = &entry->next;
}

static struct match_entry *take(struct match_queue *queue, struct match_entry **link)
{
    struct match_entry *entry = *link;
    *link = entry->next;
    if (queue->end == &entry->next)
        queue->end = link;
    entry->next = NULL;
    return entry;
}

struct match_entry *mailbox_add_message(struct mailbox *mailbox, struct match_entry *message)
{
    for (struct match_entry **link = &mailbox->receives.first; *link; link = &(*link)->next)
        if (fits(&(*link)->key, &message->key))
            return take(&mailbox->receives, link);
    append(&mailbox->messages, message);
    return NULL;
}

struct match_entry *mailbox_add_receive(struct mailbox *mailbox, struct match_entry *receive)
{
    for (struct match_entry **link = &mailbox->messages.first; *link; link = &(*link)->next)
        if (fits(&receive->key, &(*link)->key))
            return take(&mailbox->messages, link);
    append(&mailbox->receives, receive);
    return NULL;
}

void mailbox_remove_receive(struct mailbox *mailbox, struct match_entry *receive)
{
    struct match_entry **link = &mailbox->receives.first;
    while (*link && *link != receive)
        link = &(*link)->next;
    assert(*link && "the receive has its message, or is of another rank");
    take(&mailbox->receives, link);
}

struct match_entry *mailbox_peek(const struct mailbox *mailbox, const struct match_key *receive)
{
    for (struct match_entry *entry = mailbox->messages.first; entry; entry = entry->next)
        if (fits(receive, &entry->key))
            return entry;
    return NULL;
}
