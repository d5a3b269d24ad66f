#include "page_cache.h"

#include <assert.h>
#include <math.h>

struct page_cache page_cache_of(const struct page_cache_profile *profile, double memory_B,
                                int n_files)
{
    assert(memory_B >= 0.0 && n_files >= 1);

    const double size_B = profile->memory_share.value * memory_B / n_files;
    return (struct page_cache){.size_B = size_B, .dirty_B = profile->dirty_share.value * size_B};
}

double page_cache_hits(const struct page_cache *cache, double file_B, enum disk_order order)
{
    assert(isfinite(file_B) && file_B >= 0.0);

    if (file_B <= cache->size_B)
        return 1.0;
    if (order == DISK_SEQUENTIAL)
        return 0.0;
    const double fits = cache->size_B / file_B;
    return fmax(0.0, fits + (1.0 - fits) * log1p(-fits));
}
