/*
 * profile_set.h - the documents that a fit writes: profiles, and a scenario that uses them.
 */
#ifndef VHPCSIM_CALIBRATION_PROFILE_SET_H
#define VHPCSIM_CALIBRATION_PROFILE_SET_H

#include "fitted.h"

#include "sim/input/profile_document.h"

enum { MAX_PROFILE_FILES = N_FIT_PARTS + 1 };

struct profile_file {
    const char *name; /* "node.yaml": static */
    char *text;       /* owned */
    size_t size;
};

struct profile_set {
    int n;
    struct profile_file files[MAX_PROFILE_FILES]; /* the scenario is the last, where there is one */
    bool has_scenario;
    struct profile *profiles[N_FIT_PARTS]; /* read back from the texts, defaults filled; NULL: none.
                                              Owned */
};

/*
 * Makes the documents of what was fitted, and reads them back, so that whatever is predicted from
 * them is predicted from what the user gets. A scenario is made where node and MPI library are
 * there. A profile that the simulator refuses, as its numbers are no machine's, is left out and
 * noted. Returns 0, or -ENOMEM; release it in any case.
 */
int profile_set_make(struct fitted *fitted, struct profile_set *set);
void profile_set_release(struct profile_set *set);

/* Writes all files into `folder`, which is made where it is not there. Returns 0 or a negative
 * errno with the path of the trouble in `path`. */
int profile_set_write(const struct profile_set *set, const char *folder, char *path,
                      size_t path_size);

/* The file of a part; NULL: it was not fitted. */
const struct profile_file *profile_set_file(const struct profile_set *set, enum fit_part part);

/* Ranks and nodes of the first launch, of bare nodes or of guests, as a scenario needs them. */
struct fit_layout {
    int n_ranks, n_nodes;
};
struct fit_layout fitted_layout(const struct fitted *fitted, bool is_virtual);

/* Prints the part of a scenario that says cluster, guests (`is_virtual`) and MPI library; `folder`
 * is put before the profiles' names. */
void scenario_cluster_print(const struct fitted *fitted, const char *folder, bool is_virtual,
                            FILE *out);

#endif
