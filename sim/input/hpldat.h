/*
 * hpldat.h - HPL.dat and hpccinf.txt, the input files of HPL and HPCC, as values of the workloads.
 *
 * HPL reads its file by line: lines 5 to 30 hold the problem, and most have a count on the line
 * before. HPL runs every combination of what it finds; here the first value of each is taken, with
 * a warning where there are more. What changes no message and no work is left out: the
 * output file, the residual's threshold, how L1 and U are stored, and the alignment (whose
 * lines may be missing).
 *
 * HPCC's file is the same, and lines 33 to 36 may give PTRANS more orders and block sizes than
 * HPL's. HPCC would run them, too, and report the best; here they are read and left out with a
 * warning. Without these lines, as in an HPL.dat, there are none.
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
struct tree *hpccinf_read(struct reading *reading, const char *file, const char *text,
                          size_t length);

#endif
