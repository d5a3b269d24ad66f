#ifndef VHPC_THOROUGHNESS_H
#define VHPC_THOROUGHNESS_H

/* How thorough a measurement shall be. */
enum thoroughness { QUICK, USUAL, FULL };

#endif
