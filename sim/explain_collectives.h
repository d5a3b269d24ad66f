/*
 * explain_collectives.h - a library's decision tables for `vhpcsim explain`.
 */
#ifndef VHPCSIM_EXPLAIN_COLLECTIVES_H
#define VHPCSIM_EXPLAIN_COLLECTIVES_H

/* Prints which algorithms the library of this name, a value of mpi.collectives, takes for which
 * ranks and sizes. Returns 0, -ENOENT when there is none, or another negative errno. */
int explain_collectives(const char *name);

#endif
