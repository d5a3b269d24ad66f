/*
 * scenario.h - a scenario document, read and checked: what to simulate.
 */
#ifndef VHPCSIM_SCENARIO_H
#define VHPCSIM_SCENARIO_H

#include "field.h"
#include "models/profile.h"
#include "sim/platform/platform.h"

#include <stdint.h>

struct workload;
struct document; /* the texts, trees and strings behind a scenario */

/* Something that can be switched off or on. */
enum knob { KNOB_OFF, KNOB_ON };
extern const char *const knob_names[]; /* NULL at the end */

/* What is done with the hardware threads of the nodes' cores. */
enum smt { SMT_AS_NODE, SMT_OFF, SMT_ON };

struct cluster_spec {
    int n_nodes;
    struct node_profile node;
    struct link_profile link;
    struct topology topology;
    enum knob mitigations; /* off: those of the node cost nothing by now */
    enum smt smt;          /* off: the node has one hardware thread a core by now */
};

/* What each guest's disk is on its host. */
struct image_spec {
    enum image_format format;
    enum image_cache cache;
    enum image_snapshot snapshot;
};

struct virtualization_spec {
    struct virt_profile technology;
    int vms_per_node;     /* 0 with `technology: native` */
    int vcpus;            /* of each VM; 0 with native */
    enum knob pinning;    /* of vCPUs to cores */
    int n_reserved_cores; /* of each node, for backends alone */
    struct tenants tenants;
    double memory_B; /* of each VM, what the document left open filled in; 0 with native */
    enum knob huge_pages;
    struct image_spec disk;
};

struct run_spec {
    int replications; /* draws; 1 and more */
    long seed;
    char *engine;
};

struct scenario {
    char *title;
    char *description;
    struct cluster_spec cluster;
    struct virtualization_spec virtualization;
    struct mpi_profile mpi;
    int n_ranks; /* one per core or vCPU where the document says 0 */
    enum mapping mapping;
    enum placement placement;
    const struct workload *workload;
    void *workload_spec; /* workload->spec_size bytes; owned, its strings by the document */
    struct run_spec run;
    struct document *document; /* shared by the scenario and its draws */
};

extern const struct field scenario_fields[];
extern const struct field node_fields[];
extern const struct field link_fields[];
extern const struct field mpi_fields[];
extern const struct field technology_fields[];

/*
 * Reads the scenario at `path` ("-": standard input), with `n_settings` settings of the
 * form "key.path=value" applied on top, and checks it as a whole. Everything wrong or unwise goes
 * to `diagnostics`. Returns 0; -EINVAL when there were errors; -ENOENT, -EACCES, ... when the file
 * cannot be read (not a diagnostic: the caller prints it). `*scenario` is set on 0 only; free with
 * scenario_free.
 */
int scenario_read(const char *path, int n_settings, const char *const settings[],
                  struct diagnostics *diagnostics, struct scenario **scenario);
void scenario_free(struct scenario *scenario);

/* The same for a text that has been read already; `file` is its name in diagnostics and the place
 * that relative paths start from. Returns 0, -EINVAL or -ENOMEM. */
int scenario_read_text(const char *file, const char *text, size_t length, int n_settings,
                       const char *const settings[], struct diagnostics *diagnostics,
                       struct scenario **scenario);

/*
 * A copy of `scenario` for replication `replication` in which every uncertain parameter has the
 * value of that draw. The stream of a parameter is (seed, its key path, replication), so one more
 * parameter moves no other; one that was left to its sibling's default moves with that sibling.
 * Draws stay within three standard deviations and within the field's range. A drawn parameter has
 * no interval left. Free with scenario_free, before or after the original. NULL when out of
 * memory.
 */
struct scenario *scenario_draw(const struct scenario *scenario, int replication);

/* 64-bit hash of the resolved scenario (every value after includes, overrides and defaults), as 16
 * hex digits. */
void scenario_hash(const struct scenario *scenario, char hex[17]);

#endif
