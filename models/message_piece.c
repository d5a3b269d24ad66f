#include "message_piece.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

const struct message_piece *message_piece_at(const struct message_pieces *pieces, double size_B)
{
    assert(size_B >= 0.0);

    if (pieces->n == 0)
        return NULL;
    int at = 0, end = pieces->n;
    while (end - at > 1) {
        const int middle = (at + end) / 2;
        if (pieces->items[middle].from_B <= size_B)
            at = middle;
        else
            end = middle;
    }
    return &pieces->items[at];
}

double message_spread_of_both(double a, double b)
{
    assert(a >= 0.0 && b >= 0.0);

    if (a == 0.0 || b == 0.0)
        return a + b;
    return sqrt(a * a + b * b + a * a * b * b);
}
