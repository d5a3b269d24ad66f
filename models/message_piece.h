/*
 * message_piece.h - which of a profile's pieces by size a message belongs to.
 */
#ifndef VHPCSIM_MESSAGE_PIECE_H
#define VHPCSIM_MESSAGE_PIECE_H

#include "profile.h"

/*
 * The last piece whose from_B is not above `size_B` >= 0; NULL where there are no pieces. At most
 * four comparisons.
 */
const struct message_piece *message_piece_at(const struct message_pieces *pieces, double size_B);

/*
 * Relative standard deviation of the product of two independent lognormal factors of mean 1 that
 * have these, both >= 0: never below the larger of them, which it is where the other is 0.
 */
double message_spread_of_both(double a, double b);

#endif
