#include "validity.h"

#include "sim/input/field_walk.h"
#include "sim/input/unit.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KEY = 256 };

/* The walk over a scenario's parameters. */
struct search {
    const struct scenario *scenario;
    const struct usage *usage;
    struct warnings *warnings;
    /* The group of parameters that the walk is in, and their ranges over active cores together. */
    char group[MAX_KEY];
    double lo, hi;
};

/* A range that nobody stated has no ends. */
static bool has_range(const struct parameter *p)
{
    return isfinite(p->valid_lo) && isfinite(p->valid_hi);
}

static bool begins_with(const char *key, const char *prefix)
{
    return strncmp(key, prefix, strlen(prefix)) == 0;
}

static bool registers_buffers(const struct scenario *scenario)
{
    return scenario->mpi.registration.threshold_B > 0.0 &&
           scenario->mpi.registration.cache_hits.value < 1.0;
}

static bool is_used_in_guests(const struct virtualization_spec *guests, const char *key)
{
    if (begins_with(key, "virtualization.technology.backend."))
        return guests->technology.backend.scope != BACKEND_NONE;
    if (begins_with(key, "virtualization.technology.same_host."))
        return guests->vms_per_node > 1 && guests->technology.same_host.via == SAME_HOST_NETWORK;
    return true;
}

/* Whether messages without pieces of their own by size are sent: between systems, or within one. */
static bool has_plain_messages(const struct scenario *scenario)
{
    return scenario->mpi.sizes.n == 0 || scenario->mpi.local_sizes.n == 0;
}

static bool is_plain_cost(const char *key)
{
    return begins_with(key, "mpi.send_") || begins_with(key, "mpi.recv_");
}

/* Mechanisms that this scenario does not have warn of nothing, and matrix shapes are left out. */
static bool is_used(const struct search *search, const char *key)
{
    const struct scenario *scenario = search->scenario;
    if (begins_with(key, "virtualization.") &&
        scenario->virtualization.technology.kind == VIRT_NATIVE)
        return false;
    if (begins_with(key, "mpi.registration.") ||
        begins_with(key, "virtualization.technology.registration."))
        return registers_buffers(scenario);
    if (begins_with(key, "virtualization."))
        return is_used_in_guests(&scenario->virtualization, key);
    if (begins_with(key, "cluster.link."))
        return scenario->cluster.n_nodes > 1;
    if (begins_with(key, "mpi.sizes."))
        return scenario->cluster.n_nodes > 1 || scenario->virtualization.vms_per_node > 1;
    if (is_plain_cost(key))
        return has_plain_messages(scenario);
    return !begins_with(key, "cluster.node.dgemm_polynomial.");
}

/* A size that nobody chose reads better with the digits that matter. */
static void format_size(double size_B, char text[QUANTITY_TEXT_B])
{
    char rounded[32];
    snprintf(rounded, sizeof rounded, "%.3g", size_B);
    unit_format(DIMENSION_BYTES, strtod(rounded, NULL), text);
}

/* Of pieces by size, the largest message is one's alone; nobody knows which others were used. */
static void check_size(const struct search *search, const struct field_visit *visit,
                       const struct parameter *p)
{
    const double largest_B = search->usage->largest_message_B;
    const bool is_in_piece = visit->from <= largest_B && largest_B < visit->to;
    char lo[QUANTITY_TEXT_B], hi[QUANTITY_TEXT_B], used[QUANTITY_TEXT_B];

    if (largest_B == 0.0 || !is_in_piece || !has_range(p) || parameter_is_valid_at(p, largest_B))
        return;
    unit_format(DIMENSION_BYTES, p->valid_lo, lo);
    unit_format(DIMENSION_BYTES, p->valid_hi, hi);
    format_size(largest_B, used);
    warnings_add(search->warnings, WARNING_DOUBTFUL, visit->path,
                 "measure it with messages of that size, or take the result as an extrapolation",
                 "measured with messages of %s to %s, and this run sends up to %s", lo, hi, used);
}

/* Ends the group: was the number of active cores in any of its ranges or between them? */
static void check_cores(struct search *search)
{
    const int n_active = search->usage->n_active;

    if (search->lo <= search->hi && (n_active < search->lo || n_active > search->hi))
        warnings_add(search->warnings, WARNING_DOUBTFUL, search->group,
                     "measure it with as many, or take the result as an extrapolation",
                     "measured with %g to %g active cores of a node, and this run has %d",
                     search->lo, search->hi, n_active);
    search->lo = INFINITY;
    search->hi = -INFINITY;
}

static void enter_group(struct search *search, const char *key)
{
    const char *dot = strrchr(key, '.');
    const size_t length = dot ? (size_t)(dot - key) : 0;

    if (strlen(search->group) == length && strncmp(search->group, key, length) == 0)
        return;
    check_cores(search);
    snprintf(search->group, sizeof search->group, "%.*s", (int)length, key);
}

static void visit_parameter(const struct field_visit *visit, void *user)
{
    struct search *search = user;
    const struct parameter *p = field_at(visit->field, visit->base);

    enter_group(search, visit->path);
    if (visit->field->kind != FIELD_PARAMETER || !is_used(search, visit->path))
        return;
    if (visit->field->valid_dimension == DIMENSION_BYTES) {
        check_size(search, visit, p);
    } else if (has_range(p)) {
        search->lo = fmin(search->lo, p->valid_lo);
        search->hi = fmax(search->hi, p->valid_hi);
    }
}

void validity_warn(const struct scenario *scenario, const struct usage *usage,
                   struct warnings *warnings)
{
    struct search search = {.scenario = scenario,
                            .usage = usage,
                            .warnings = warnings,
                            .lo = INFINITY,
                            .hi = -INFINITY};
    field_walk(scenario_fields, scenario, NULL, "", visit_parameter, &search);
    check_cores(&search);
}
