/*
 * npb_region_parts.h - what the files that count the regions of each kernel share.
 */
#ifndef VHPCSIM_NPB_REGION_PARTS_H
#define VHPCSIM_NPB_REGION_PARTS_H

#include "npb_region.h"

/* Each fills `regions` with those of its kernel and returns how many. */
int npb_ep_regions(enum npb_class class, struct npb_region regions[]);
int npb_is_regions(enum npb_class class, struct npb_region regions[]);
int npb_ft_regions(enum npb_class class, struct npb_region regions[]);
int npb_cg_regions(enum npb_class class, struct npb_region regions[]);
int npb_mg_regions(enum npb_class class, struct npb_region regions[]);
int npb_bt_regions(enum npb_class class, struct npb_region regions[]);
int npb_sp_regions(enum npb_class class, struct npb_region regions[]);
int npb_lu_regions(enum npb_class class, struct npb_region regions[]);

/* Bytes of a number, and of the complex numbers of FT. */
enum { WORD_B = 8, COMPLEX_B = 16 };

#endif
