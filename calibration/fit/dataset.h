/*
 * dataset.h - what several raw files say together: points, each with its visits.
 *
 * A *point* is what was measured again and again under the same conditions: an operation, path,
 * load, size, number of ranks at work and arguments, whoever the ranks were. Files, launches and
 * hosts are pooled; each visit keeps its own, for bootstraps and variance components. The location
 * of a point is the median over visits of their medians; first repetitions, which are cold, are
 * kept beside. Launches that the measuring program labelled as refused are left out.
 */
#ifndef VHPCSIM_CALIBRATION_DATASET_H
#define VHPCSIM_CALIBRATION_DATASET_H

#include "calibration/raw/raw.h"
#include "resample.h"
#include "sim/input/arena.h"

#include <stdbool.h>
#include <stdio.h>

struct dataset_visit {
    int launch; /* index of dataset.launches */
    int host;   /* index of dataset.hosts: the physical host of the rank whose clock it was */
    int rank, block;
    double median_s; /* of its repetitions, the cold one left out */
    double cold_s;
    int n;
    const double *times_s; /* n of them; borrowed from the raw file */
};

struct dataset_point {
    enum raw_operation operation;
    enum raw_path path;
    enum raw_load load;
    int n_active;
    double size_B;
    double argument[RAW_ARGUMENTS];
    int n_visits; /* >= 1 */
    struct dataset_visit *visits;
    double location_s; /* median of the visits' medians */
    double cold_s;     /* median of their cold repetitions */
};

struct dataset_launch {
    const struct raw *raw;
    const struct raw_launch *launch;
    bool is_used; /* not refused, or the user insists */
};

/* Points of one operation, path, load and number of active ranks, by size and arguments. */
struct dataset_slice {
    int n;
    const struct dataset_point *points;
};

struct dataset {
    struct arena arena;
    int n_raws;
    struct raw **raws; /* owned */
    int n_launches;
    struct dataset_launch *launches;
    int n_hosts, n_domains, n_names;
    const char **hosts;   /* physical hosts, however they tell themselves apart, in the order in
                             which they appear */
    const char **domains; /* the same of operating systems */
    const char **names;   /* what operating systems call themselves */
    int n_points;
    struct dataset_point *points; /* sorted by all of their conditions */
    int n_refused;                /* launches left out */
};

/*
 * Makes a dataset of `n` raw files, which it takes over also where it fails; uses refused launches
 * too with `is_forced`. Returns 0, -ENODATA where no visit is left, or -ENOMEM; *dataset, which the
 * caller frees with dataset_free(), is set on 0 and on -ENODATA.
 */
int dataset_new(int n, struct raw *raws[], bool is_forced, struct dataset **dataset);
void dataset_free(struct dataset *dataset);

/* The slice of those conditions; n is 0 where nobody measured it. `n_active` 0: the points of the
 * smallest number of active ranks that there is. */
struct dataset_slice dataset_slice(const struct dataset *dataset, enum raw_operation operation,
                                   enum raw_path path, enum raw_load load, int n_active);

/* The most active ranks that a point of the operation, path and load has; 0: no point. */
int dataset_most_active(const struct dataset *dataset, enum raw_operation operation,
                        enum raw_path path, enum raw_load load);

/* Visits of a slice, and the launches that they come from. */
int dataset_count_visits(const struct dataset_slice *slice);
int dataset_count_launches(const struct dataset_slice *slice);

/* True where launch `number` of that file is used. */
bool dataset_uses(const struct dataset *dataset, const struct raw *raw, int number);

/* The first environment that a used launch tells, and the text of the first used launch; NULL:
 * none. Borrowed. */
const json_t *dataset_environment(const struct dataset *dataset);
const json_t *dataset_launch_text(const struct dataset *dataset);

/* Most ranks that one launch had on one physical host. */
int dataset_ranks_per_host(const struct dataset *dataset);

/*
 * Where a number comes from, as profiles tell it: "measured 2026-11-20 on a, b: `what`, 62 sizes,
 * 620 visits, 3 launches". In `arena`; NULL: no memory.
 */
const char *dataset_source(const struct dataset *dataset, const struct dataset_slice *slice,
                           const char *what, struct arena *arena);

/* The median of `n` >= 1 values, and its interval, whose unit of replication are the groups;
 * `launches` (NULL: all of one) widen it by what they differ by. */
struct estimate median_estimate(int n, const double values[], const int groups[],
                                const int launches[], const struct resampling *how);

/* The location of a point, with its interval. */
struct estimate dataset_location(const struct dataset_point *point, const struct resampling *how);

/* The number of the block that a visit belongs to, in all launches: what errs together. */
int dataset_block(const struct dataset_visit *visit);

/* True where other tools' output was read: means whose spread nobody knows. */
bool dataset_is_imported(const struct dataset *dataset);

/* Calls `tell` with each warning: remarks of the measuring program, refused launches, launches that
 * contradict each other. */
typedef void dataset_teller(const char *text, void *user);
void dataset_warn(const struct dataset *dataset, dataset_teller *tell, void *user);

#endif
