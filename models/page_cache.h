/*
 * page_cache.h - what of a file an operating system has in memory.
 *
 * The cache drops what was used least recently. A file that fits is read from memory again; one
 * that does not fit and is read from its begin to its end again finds nothing, as each page was
 * dropped just before it is asked for. Read in random order, each page once, it finds a page as
 * long as the pages asked for since, of which some were in memory anyway, have not pushed it out.
 * Writers go on until a share of the cache waits to be written, and then at the disk's pace.
 *
 * Left out: lists of pages that were used twice, which protect them; pages of other files; the
 * background writer, which starts before a writer has to wait and so hides no more than that.
 */
#ifndef VHPCSIM_PAGE_CACHE_H
#define VHPCSIM_PAGE_CACHE_H

#include "disk.h"

struct page_cache {
    double size_B;  /* that may hold files */
    double dirty_B; /* of them, that may wait to be written */
};

/*
 * What an operating system with `memory_B` (>= 0) keeps of each of `n_files` (>= 1) files of equal
 * size.
 */
struct page_cache page_cache_of(const struct page_cache_profile *profile, double memory_B,
                                int n_files);

/*
 * Returns the part, 0..1, of a file of `file_B` that is found in memory when it is read, each byte
 * once, after it was read or written from begin to end. Random, with c the part that fits:
 * c + (1 - c) ln(1 - c). A page at depth x of the cache (0 used last, c next to go; all in parts
 * of the file) is found when it is asked for among the first t = (c - x) / (1 - x) of the file's
 * pages, as then t + (1 - t) x of the file has been used since; the mean over x is the result.
 * Rises with the cache; falls with the file.
 */
double page_cache_hits(const struct page_cache *cache, double file_B, enum disk_order order);

#endif
