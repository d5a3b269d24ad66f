/*
 * fit_node.h - the parts of a node's fit, which calibration/raw/raw.h defines cell by cell.
 */
#ifndef VHPCSIM_CALIBRATION_FIT_NODE_H
#define VHPCSIM_CALIBRATION_FIT_NODE_H

#include "fitted.h"

/* What one visit of a point stands for, in units of work; 0: the point says nothing here. */
typedef double work_of_point(const struct fitted *fitted, const struct dataset_point *point);

/* What ranks at work got together: a number for each visit of the points that `work` knows. */
struct rate_totals {
    int n;
    struct saturation_point *points; /* owned */
    int n_points;                    /* of the dataset */
};

/* Totals of an operation of all numbers of active ranks. Returns 0 or -ENOMEM; the caller frees
 * the points. */
int rate_totals(const struct fitted *fitted, enum raw_operation operation, work_of_point *work,
                struct rate_totals *totals);

/*
 * Part of a point's time that is its work: the rest is detours, which the simulator draws again for
 * all work (models/noise.h) and must not meet twice. The median of repetitions has those in it that
 * come in every other repetition, none where they last less than a detour is rare; so it is what
 * makes the median of simulated repetitions the measured one. Never so little that the work would
 * take less than the fastest repetition. 1 where noise was not measured.
 */
double node_undisturbed_part(const struct fitted *fitted, const struct dataset_point *point);

/* All points of an operation of a node. */
struct dataset_slice node_slice(const struct fitted *fitted, enum raw_operation operation);

/* Cores that share a node: those of the manifest, or as many ranks as there were. */
int node_cores(const struct fitted *fitted);

/* What cores have at hand: a core's own cache and all of its socket's. */
double node_cache_B(const struct fitted *fitted);

/* What each file sets; they note what is missing. Return 0 or -ENOMEM. */
int fit_node_rates(struct fitted *fitted);
int fit_node_dgemm(struct fitted *fitted);
int fit_node_memory(struct fitted *fitted);
int fit_node_noise(struct fitted *fitted);
int fit_node_disk(struct fitted *fitted);

#endif
