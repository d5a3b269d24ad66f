/*
 * hpl_small.h - a small run of HPL on any grid, for tests to vary.
 */
#ifndef VHPCSIM_TEST_HPL_SMALL_H
#define VHPCSIM_TEST_HPL_SMALL_H

#include "sim/workload/hpl/hpl.h"

/* Without a common factor: the last panel and the right-hand side are odd. */
enum { HPL_SMALL_N = 233, HPL_SMALL_NB = 12 };

struct hpl_spec hpl_small_spec(int p, int q);

#endif
