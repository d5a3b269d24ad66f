/*
 * workspace.h - memory that a rank keeps from visit to visit, as to get its pages from the
 * operating system takes longer than most of what is measured in them. Pages are those that any
 * program gets unless it says otherwise. Everything is kept until the program ends.
 */
#ifndef VHPC_WORKSPACE_H
#define VHPC_WORKSPACE_H

#include <stddef.h>

/* What it is for: each use has its own memory, so none sees what another left. */
enum workspace_use {
    WORKSPACE_ARRAYS,
    WORKSPACE_TABLE,
    WORKSPACE_TRANSFORM,
    WORKSPACE_DISK,
    WORKSPACE_SMALL,
    N_WORKSPACE_USES
};

/* At least `size_B` bytes, aligned to pages, and touched. NULL: there is no such memory. */
void *workspace_of(enum workspace_use use, size_t size_B);

/*
 * `n` random numbers from -0.5 to 0.5, as values that are all alike, or 0, make some processors
 * faster and cooler. May be changed, if that leaves them of such size.
 */
double *workspace_random(size_t n);

/* Memory of pages of `page_B` (0: as the system gives them), touched, all
 * 0; NULL: there is none. The caller's: munmap(). */
void *workspace_map(size_t size_B, size_t page_B);

#endif
