#include "drift.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double z95 = 1.959964, z90 = 1.644854; /* of the standard normal distribution */
static const double false_alarms = 0.05;            /* of probes of an unchanged machine */

/* --- what is compared one by one ---------------------------------------------------------------
 */

static bool is_one_of(const char *const names[], const char *path, size_t length)
{
    for (int i = 0; names[i]; i++)
        if (strlen(names[i]) == length && strncmp(names[i], path, length) == 0)
            return true;
    return false;
}

/* drift_curves.c compares what these say together. */
static bool is_of_a_curve(const char *path)
{
    static const char *const parts[] = {"sizes",         "local_sizes",     "send_message",
                                        "send_byte",     "recv_message",    "recv_byte",
                                        "local_latency", "local_bandwidth", "dgemm_polynomial",
                                        "bandwidth",     "latency",         NULL};
    return is_one_of(parts, path, strcspn(path, ".["));
}

static bool is_measured(const struct parameter *parameter)
{
    static const char word[] = "measured"; /* as dataset_source() begins */
    return parameter->source && strncmp(parameter->source, word, strlen(word)) == 0;
}

static bool has_thresholds(const struct dataset *dataset)
{
    for (int i = 0; i < dataset->n_raws; i++)
        if (dataset->raws[i]->n_thresholds > 0)
            return true;
    return false;
}

/* What the measuring program reads from the machine, where it could; else a fit takes what is
 * usual. */
static bool is_told(const struct profile_change *change, const struct fitted *probe)
{
    static const char *const counts[] = {"sockets", "cores_per_socket", "threads_per_core", NULL};
    static const char *const sizes[] = {"memory", "caches.core", "caches.socket", NULL};
    static const char *const thresholds[] = {"eager_threshold", "local_eager_threshold", NULL};
    const size_t length = strlen(change->path);
    if (is_one_of(counts, change->path, length))
        return *(const int *)change->second > 0;
    if (is_one_of(sizes, change->path, length))
        return *(const double *)change->second > 0.0;
    if (is_one_of(thresholds, change->path, length))
        return has_thresholds(probe->dataset);
    return strcmp(change->path, "clock") == 0 && probe->machine.clock_Hz > 0.0;
}

static bool is_probed(const struct profile_change *change, const struct fitted *probe)
{
    if (change->field->kind == FIELD_PARAMETER)
        return is_measured(change->second);
    return is_told(change, probe);
}

/* Of the stored ones alone. */
static bool is_missed(const struct profile_change *change)
{
    return change->field->kind == FIELD_PARAMETER && is_measured(change->first);
}

int drift_add_unprobed(struct drift *drift, const char *path)
{
    const char **grown =
        reallocarray(drift->unprobed, (size_t)drift->n_unprobed + 1, sizeof *grown);
    if (!grown)
        return -ENOMEM;
    drift->unprobed = grown;
    grown[drift->n_unprobed++] = path;
    return 0;
}

static int take_row(struct drift *drift, const char *path, const struct profile_change *row,
                    const struct fitted *probe)
{
    if (!is_probed(row, probe))
        return is_missed(row) ? drift_add_unprobed(drift, path) : 0;
    struct profile_change *added =
        profile_changes_add(&drift->changes, path, row->field, row->first, row->second);
    if (!added)
        return -ENOMEM;
    char *const own_path = added->path;
    *added = *row;
    added->path = own_path;
    return 0;
}

/* The parameters of one profile. What was not measured is zero in a fit. */
static int add_parameters(struct drift *drift, const struct profile *stored,
                          const void *fitted_values, const struct fitted *probe, double margin)
{
    const struct profile fitted = {.kind = stored->kind, .values = (void *)fitted_values};
    struct profile_changes all;
    int status = profile_changes_init(&all, stored, &fitted, margin);
    for (int i = 0; i < all.n && status == 0; i++) {
        const struct profile_change *row = &all.items[i];
        if (is_of_a_curve(row->path))
            continue;
        const char *path = arena_format(&drift->arena, "%s.%s", stored->kind->name, row->path);
        status = path ? take_row(drift, path, row, probe) : -ENOMEM;
    }
    profile_changes_release(&all);
    return status;
}

/* --- verdicts ------------------------------------------------------------------------------------
 */

/* Standard deviations beyond which one of `n` numbers that did not move hardly ever is. */
static double z_of_any(int n)
{
    return gsl_cdf_ugaussian_Qinv(false_alarms / (2.0 * n));
}

static enum change_verdict judge(const struct profile_change *change, double z, double margin)
{
    if (!isfinite(change->ratio))
        return change->verdict;
    const double moved = fabs(log(change->ratio)), limit = log1p(margin);
    const double error = log(change->ratio_hi / change->ratio_lo) / (2.0 * z95);
    if (moved == 0.0 && error == 0.0)
        return CHANGE_NONE;
    if (moved + z90 * error <= limit)
        return CHANGE_WITHIN;
    return moved > fmax(limit, z * error) ? CHANGE_MOVED : CHANGE_UNDECIDED;
}

static void judge_all(struct profile_changes *changes, double margin)
{
    const double z = z_of_any(changes->n);
    memset(changes->n_of, 0, sizeof changes->n_of);
    for (int i = 0; i < changes->n; i++) {
        struct profile_change *change = &changes->items[i];
        change->verdict = judge(change, z, margin);
        changes->n_of[change->verdict]++;
    }
}

/* --- all -----------------------------------------------------------------------------------------
 */

/* Everything but verdicts. */
static int compare(struct drift *drift, const struct profile *const stored[N_FIT_PARTS],
                   const struct fitted *probe, double margin)
{
    const void *const fitted[N_FIT_PARTS] = {
        [PART_NODE] = &probe->node, [PART_LINK] = &probe->link, [PART_MPI] = &probe->mpi};
    for (int part = 0; part < N_FIT_PARTS; part++) {
        if (!stored[part] || !fitted[part])
            continue;
        const int status = add_parameters(drift, stored[part], fitted[part], probe, margin);
        if (status != 0)
            return status;
    }
    return drift_add_curves(drift, stored, probe);
}

int drift_init(struct drift *drift, const struct profile *const stored[N_FIT_PARTS],
               const struct fitted *probe, double margin)
{
    *drift = (struct drift){0};
    const int status = compare(drift, stored, probe, margin);
    if (status == 0)
        judge_all(&drift->changes, margin);
    return status;
}

void drift_release(struct drift *drift)
{
    profile_changes_release(&drift->changes);
    free(drift->unprobed);
    arena_release(&drift->arena);
}
