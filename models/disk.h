/*
 * disk.h - how long one disk operation takes when nobody else uses the disk.
 */
#ifndef VHPCSIM_DISK_H
#define VHPCSIM_DISK_H

#include "profile.h"

enum disk_operation { DISK_READ, DISK_WRITE };

/* Returns latency + size / bandwidth in seconds; `size_B` >= 0. */
double disk_cost_s(const struct disk_profile *disk, enum disk_operation operation, double size_B);

#endif
