#include "bag.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

struct bag {
    struct bag *next;
    uint64_t number;
    long n_taken;
    int n_told; /* that it is empty */
};

/* Where the pointer to the bag is, or is to be. Few bags are in use at a time. */
static struct bag **find(struct bags *bags, uint64_t number)
{
    struct bag **at = &bags->first;
    while (*at && (*at)->number != number)
        at = &(*at)->next;
    return at;
}

long bags_take(struct bags *bags, uint64_t number, long n, int n_takers)
{
    assert(n >= 0 && n_takers >= 1);
    struct bag **at = find(bags, number);
    if (!*at) {
        *at = calloc(1, sizeof **at);
        if (!*at)
            return -ENOMEM;
        (*at)->number = number;
    }
    struct bag *bag = *at;
    if (bag->n_taken < n)
        return bag->n_taken++;
    if (++bag->n_told == n_takers) {
        *at = bag->next;
        free(bag);
    }
    return -1;
}

void bags_release(struct bags *bags)
{
    while (bags->first) {
        struct bag *bag = bags->first;
        bags->first = bag->next;
        free(bag);
    }
}
