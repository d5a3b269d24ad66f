/*
 * field_pieces.h - FIELD_PIECES: a list of groups, each of which holds from one size on.
 */
#ifndef VHPCSIM_FIELD_PIECES_H
#define VHPCSIM_FIELD_PIECES_H

#include "field_read.h"

/* How many pieces the structure at `base` has. */
int field_pieces_count(const struct field *field, const void *base);

/* Offset of piece `index`, which is a structure of the table field->fields, in that structure. */
size_t field_piece_offset(const struct field *field, int index);

/* Where piece `index` begins and the next one does, as its first row counts; INFINITY at the last.
 */
double field_piece_from(const struct field *field, const void *base, int index);
double field_piece_to(const struct field *field, const void *base, int index);

/*
 * Reads the list `tree`, whose key path is `path`, into the structure at `base`. An empty list is
 * none. Reported are: what is no list, too many pieces, a first one that begins above the least
 * value of its row, and one that does not begin above the one before.
 */
void field_read_pieces(struct reading *reading, const struct field *field, const struct tree *tree,
                       const char *path, void *base);

#endif
