/*
 * hpldat.h - HPL.dat, the input file of the real HPL, as values of the workload hpl.
 *
 * HPL reads it by line: lines 5 to 30 hold the problem, and most have a count on the line before.
 * HPL runs every combination of what it finds; here the first value of each is taken, with
 * a warning where there are more. What changes no message and no work is left out: the
 * output file, the residual's threshold, how L1 and U are stored, and the alignment (whose
 * lines may be missing). The part of HPCC's hpccinf.txt after these lines is not read.
 */
#ifndef VHPCSIM_HPLDAT_H
#define VHPCSIM_HPLDAT_H

#include "field_read.h"

/*
 * Reads the `length` bytes at `text`, known to the diagnostics as `file`. Returns a mapping with
 * the keys of hpl_fields, each value with its place, or NULL after diagnostics. Numbers are checked
 * by who reads the mapping.
 */
struct tree *hpldat_read(struct reading *reading, const char *file, const char *text,
                         size_t length);

#endif
