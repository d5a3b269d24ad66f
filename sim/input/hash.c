#include "hash.h"

const uint64_t hash_start = 14695981039346656037u;
static const uint64_t fnv_prime = 1099511628211u;

void hash_add(uint64_t *hash, const void *bytes, size_t size_B)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < size_B; i++)
        *hash = (*hash ^ byte[i]) * fnv_prime;
}
