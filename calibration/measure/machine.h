/*
 * machine.h - how large and how fast the machines are, roughly: sizes of what is measured follow.
 */
#ifndef VHPC_MACHINE_H
#define VHPC_MACHINE_H

#include "calibration/measure/operation.h"

/* Of all hosts: the largest cache, the least memory, the slowest core; the same on every rank. */
struct machine {
    double core_cache_B;  /* the largest that a core has for itself */
    double last_cache_B;  /* the largest of all */
    double beyond_B;      /* of arrays beyond all caches */
    double table_B;       /* of a table that also makes page tables larger than caches */
    double rank_memory_B; /* that each rank may fill: a small part of what is free */
    double rate_flops;    /* of a matrix multiply, down to a power of 4: twice the same machine
                             shall have the same sizes */
};

/* Looked up by the first call, which every rank must make; later ones are free. */
const struct machine *machine_of(const struct measure *measure);

#endif
