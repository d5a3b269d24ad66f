/*
 * hash.h - FNV-1a with 64 bits: tells texts and scenarios apart, protects against nobody.
 *
 * Source: G. Fowler, L. C. Noll, K.-P. Vo, as in the IETF draft draft-eastlake-fnv.
 */
#ifndef VHPCSIM_HASH_H
#define VHPCSIM_HASH_H

#include <stddef.h>
#include <stdint.h>

/* The hash of nothing. */
extern const uint64_t hash_start;

/* Makes `*hash` the hash of what it was of and the `size_B` bytes behind that. */
void hash_add(uint64_t *hash, const void *bytes, size_t size_B);

#endif
