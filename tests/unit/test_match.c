/*
 * Which receive gets which message, against a naive oracle and by hand.
 */
#include "sim/engine/engine.h"
#include "sim/engine/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct match_entry entry_of(int comm, int source, int tag)
{
    return (struct match_entry){.key = {.comm = comm, .source = source, .tag = tag}};
}

static void messages_of_one_kind_do_not_overtake_each_other(void **state)
{
    (void)state;
    struct mailbox mailbox;
    mailbox_init(&mailbox);
    struct match_entry first = entry_of(3, 5, 7), second = entry_of(3, 5, 7);
    struct match_entry one = entry_of(3, 5, 7), other = entry_of(3, 5, 7);

    assert_null(mailbox_add_message(&mailbox, &first));
    assert_null(mailbox_add_message(&mailbox, &second));
    assert_ptr_equal(mailbox_add_receive(&mailbox, &one), &first);
    assert_ptr_equal(mailbox_add_receive(&mailbox, &other), &second);
}

static void a_message_takes_the_receive_that_was_posted_first(void **state)
{
    (void)state;
    struct mailbox mailbox;
    mailbox_init(&mailbox);
    struct match_entry any = entry_of(3, RANK_ANY, RANK_ANY), exact = entry_of(3, 5, 7);
    struct match_entry message = entry_of(3, 5, 7), next = entry_of(3, 5, 7);

    assert_null(mailbox_add_receive(&mailbox, &any));
    assert_null(mailbox_add_receive(&mailbox, &exact));
    assert_ptr_equal(mailbox_add_message(&mailbox, &message), &any);
    assert_ptr_equal(mailbox_add_message(&mailbox, &next), &exact);
}

static void a_receive_that_is_taken_back_gets_nothing(void **state)
{
    (void)state;
    struct mailbox mailbox;
    mailbox_init(&mailbox);
    struct match_entry first = entry_of(3, RANK_ANY, 7), second = entry_of(3, 5, 7);
    struct match_entry third = entry_of(3, 5, 7), message = entry_of(3, 5, 7);

    mailbox_add_receive(&mailbox, &first);
    mailbox_add_receive(&mailbox, &second);
    mailbox_remove_receive(&mailbox, &first);
    mailbox_remove_receive(&mailbox, &second);
    mailbox_add_receive(&mailbox, &third);
    assert_ptr_equal(mailbox_add_message(&mailbox, &message), &third);
}

static void a_peek_leaves_the_message_there(void **state)
{
    (void)state;
    struct mailbox mailbox;
    mailbox_init(&mailbox);
    struct match_entry message = entry_of(3, 5, 7), receive = entry_of(3, RANK_ANY, 7);
    const struct match_key other_tag = {.comm = 3, .source = RANK_ANY, .tag = 8};

    assert_null(mailbox_peek(&mailbox, &receive.key));
    assert_null(mailbox_add_message(&mailbox, &message));
    assert_null(mailbox_peek(&mailbox, &other_tag));
    assert_ptr_equal(mailbox_peek(&mailbox, &receive.key), &message);
    assert_ptr_equal(mailbox_add_receive(&mailbox, &receive), &message);
    assert_null(mailbox_peek(&mailbox, &receive.key));
}

/* --- against an oracle that searches an array in the order of posting ------------- */

enum { N_ENTRIES = 4000 };

struct oracle {
    struct match_entry *entries[N_ENTRIES];
    bool is_receive[N_ENTRIES];
    int n;
};

static bool fits(const struct match_key *receive, const struct match_key *message)
{
    const bool from = receive->source == RANK_ANY || receive->source == message->source;
    const bool tag = receive->tag == RANK_ANY || receive->tag == message->tag;
    return receive->comm == message->comm && from && tag;
}

static struct match_entry *oracle_add(struct oracle *oracle, struct match_entry *entry,
                                      bool is_receive)
{
    for (int i = 0; i < oracle->n; i++) {
        struct match_entry *other = oracle->entries[i];
        if (!other || oracle->is_receive[i] == is_receive)
            continue;
        if (is_receive ? fits(&entry->key, &other->key) : fits(&other->key, &entry->key)) {
            oracle->entries[i] = NULL;
            return other;
        }
    }
    oracle->entries[oracle->n] = entry;
    oracle->is_receive[oracle->n++] = is_receive;
    return NULL;
}

/* A small linear congruential generator: the same sequence everywhere. */
static int draw(uint64_t *state, int n)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (int)((*state >> 33) % (uint64_t)n);
}

static void random_traffic_is_matched_as_the_oracle_does(void **state)
{
    (void)state;
    static struct match_entry entries[N_ENTRIES];
    static struct oracle oracle;
    struct mailbox mailbox;
    uint64_t random = 20091;
    int n_matched = 0;
    mailbox_init(&mailbox);
    for (int i = 0; i < N_ENTRIES; i++) {
        const bool is_receive = draw(&random, 2) == 0;
        const int lowest = is_receive ? RANK_ANY : 0;
        entries[i] = entry_of(draw(&random, 2), lowest + draw(&random, 3 - lowest),
                              lowest + draw(&random, 3 - lowest));
        struct match_entry *got = is_receive ? mailbox_add_receive(&mailbox, &entries[i])
                                             : mailbox_add_message(&mailbox, &entries[i]);
        assert_ptr_equal(got, oracle_add(&oracle, &entries[i], is_receive));
        n_matched += got != NULL;
    }
    assert_true(n_matched > N_ENTRIES / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_of_one_kind_do_not_overtake_each_other),
        cmocka_unit_test(a_message_takes_the_receive_that_was_posted_first),
        cmocka_unit_test(a_receive_that_is_taken_back_gets_nothing),
        cmocka_unit_test(a_peek_leaves_the_message_there),
        cmocka_unit_test(random_traffic_is_matched_as_the_oracle_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
