/*
 * pairing.h - the same cells on bare nodes and in guests, block by block.
 */
#ifndef VHPCSIM_CALIBRATION_PAIRING_H
#define VHPCSIM_CALIBRATION_PAIRING_H

#include "dataset.h"
#include "deming.h"
#include "equivalence.h"

/* Which cells are compared. */
struct pairing {
    enum raw_operation operation;
    enum raw_path native_path, virtual_path;
    int n_active;        /* 0: the fewest that there are on each side */
    double from_B, to_B; /* sizes, both included */
};

/*
 * Tests whether the cells take as long on both sides, from one number for each block that both
 * have: the geometric mean of the ratios of its visits' medians, cell by cell. Returns 0, -ENODATA
 * where less than two blocks have cells in common, or -ENOMEM.
 */
int pairing_test(const struct dataset *native, const struct dataset *virtual,
                 const struct pairing *pairing, struct equivalence *result);

/* What the virtual side adds to a cell and to each byte of it (overhead_fit()), from the same
 * pairs. Returns 0, -ENODATA where there are too few, or -ENOMEM. */
int pairing_overhead(const struct dataset *native, const struct dataset *virtual,
                     const struct pairing *pairing, const struct resampling *how,
                     struct overhead *overhead);

#endif
