/*
 * environment_part.h - the parts of an environment, each an object of its own (environment.h says
 * of what); all belong to the caller.
 */
#ifndef VHPC_ENVIRONMENT_PART_H
#define VHPC_ENVIRONMENT_PART_H

#include "calibration/measure/environment.h"

json_t *environment_host(const struct environment_source *source);
json_t *environment_virtualization(const struct environment_source *source);
json_t *environment_cpu(const struct environment_source *source);
json_t *environment_clock(const struct environment_source *source);
json_t *environment_numa(const struct environment_source *source);
json_t *environment_cores(const struct environment_source *source);
json_t *environment_limits(const struct environment_source *source);
json_t *environment_memory(const struct environment_source *source);
json_t *environment_thermal(const struct environment_source *source);
json_t *environment_networks(const struct environment_source *source);
json_t *environment_rdma(const struct environment_source *source);
json_t *environment_disks(const struct environment_source *source);
json_t *environment_software(const struct environment_source *source);

/* Containers and namespaces that the caller runs in, added to `stack`, outermost first. */
void environment_containers(const struct environment_source *source, json_t *stack);

/* The layer of that kind at the end of the stack or in it, added where it is missing; borrowed. */
json_t *stack_layer(json_t *stack, const char *type, const char *kind);
/* Why one thinks that a layer is there. */
void layer_evidence(json_t *layer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What the network interface says when asked by ioctl: driver version, offloads, interrupt delay.
 */
void ethtool_ask(const char *interface, json_t *network);

/*
 * Load: how much processor time others took from one look to the next, `interval_s` later. Ranks
 * of the own run are left out: programs of the same name and parent.
 */
struct load_look;
struct load_look *load_look_new(const struct environment_source *source);
void load_look_free(struct load_look *look);
json_t *load_between(const struct load_look *before, const struct load_look *after,
                     double interval_s, const char *own_name, long own_parent);
json_t *environment_load(const struct environment_source *source);

#endif
