/*
 * variance.h - how much speed differs between nodes, between launches on a node, and between
 * repetitions in a launch.
 *
 * log time = cell + node + launch in node + repetition, the last three random and independent. A
 * launch places memory anew, so what differs between launches is neither the node's nor the
 * call's. Components come from the sums of squares of a nested analysis of variance, unbalanced
 * numbers included (Searle, Casella and McCulloch, "Variance Components", 1992, section 4.4), and
 * are cut at zero, in favour of the component below. Cells have levels of their own
 * (different shapes, say) and share the components.
 *
 * Everything is a standard deviation of log time, which is the relative one while small.
 */
#ifndef VHPCSIM_VARIANCE_H
#define VHPCSIM_VARIANCE_H

#include "resample.h"

struct variance_point {
    int cell, node, launch; /* any numbers; launch 1 of one node is not launch 1 of another */
    double time_s;          /* > 0, of one repetition */
};

struct variance_components {
    struct estimate node_spread;   /* NAN where there is one node: nothing tells */
    struct estimate launch_spread; /* NAN where each node has one launch */
    struct estimate call_spread;   /* between repetitions */
    int n_nodes, n_launches;       /* launches of all nodes together */
};

/*
 * A component whose source has one member is NAN with its interval; with one launch on each node,
 * what launches differ by is part of the node's. Intervals are those of Tukey and Williams
 * (doi:10.1093/biomet/49.1-2.278), on as many degrees of freedom as there are nodes and launches:
 * more cells make them no more. They reach down to 0 where a component may not be there.
 *
 * Returns 0; -EINVAL where a time is not finite or not > 0; -EDOM where no cell has two repetitions
 * in one launch; -ENOMEM. Writes the result on success alone.
 */
int variance_components(int n, const struct variance_point point[],
                        struct variance_components *result);

#endif
