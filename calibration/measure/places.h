/*
 * places.h - where the ranks are: which share an operating system, which a machine.
 *
 * Ranks share a *domain* when they see the same boot of the same kernel from the same namespaces: a
 * guest is a domain, a container another one. Domains are on one physical host when they see the
 * same boot, or when the environment variable VHPC_HOST says so: guests cannot know whom they
 * share their machine with, so whoever starts them tells it.
 */
#ifndef VHPC_PLACES_H
#define VHPC_PLACES_H

#include "calibration/measure/operation.h"

#include <sys/types.h>

enum { PLACE_NAME_B = 128 };

struct place {
    char host[PLACE_NAME_B];     /* as it calls itself */
    char physical[PLACE_NAME_B]; /* VHPC_HOST, or the boot */
    char domain[PLACE_NAME_B];   /* what tells domains apart */
    pid_t pid;
    int core;    /* that it is bound to, as `core` of struct measure; -1: several */
    int n_cores; /* of its domain */
};

struct places {
    int n;
    struct place *of; /* each rank */
    int *domain, *host, *core;
};

/* Fills `places` on every rank, and what `measure` borrows from it. Collective. Returns 0 or an MPI
 * error class. */
int places_gather(struct places *places, struct measure *measure);
void places_release(struct places *places);

/* A name of domain number `domain`, the same in each launch until it boots again; a new reference.
 */
json_t *places_domain_name(const struct places *places, int domain);

/* For the line of the launch: an array, a new reference. */
json_t *places_json(const struct places *places);

#endif
