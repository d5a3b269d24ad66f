/*
 * suggest.h - "did you mean ...?": the known word that a mistyped one is most like.
 */
#ifndef VHPCSIM_SUGGEST_H
#define VHPCSIM_SUGGEST_H

#include <stddef.h>

/*
 * Letters to insert, delete, replace or swap with their neighbour to make `b` of `a`,
 * upper and lower case being the same letter (the restricted Damerau-Levenshtein distance).
 * Words longer than 63 bytes count as their first 63. Cost: the product of the lengths.
 */
size_t edit_distance(const char *a, const char *b);

/*
 * Returns the one of the `n` candidates that is nearest to `word`, the first of equals; NULL when
 * none is so near that the user may have meant it (a third of the longer word's letters, at most).
 * Nearest of all is one that begins with `word`, from three letters on; when none is near at all,
 * the first that has all of its words, which "-", "_" and "." part, each from three letters on.
 */
const char *suggest(const char *word, size_t n, const char *const candidates[]);

#endif
