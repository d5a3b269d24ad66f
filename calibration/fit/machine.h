/*
 * machine.h - what a manifest says of the machine, as far as profiles want to know it.
 */
#ifndef VHPCSIM_CALIBRATION_MACHINE_H
#define VHPCSIM_CALIBRATION_MACHINE_H

#include <jansson.h>
#include <stdbool.h>

/* Zeros, and "" of texts, are what nobody told. Texts are borrowed from the manifest. */
struct machine {
    const char *name, *model;
    int n_sockets, n_cores, n_threads_per_core;
    double clock_Hz, memory_B;
    double core_cache_B;    /* the largest that is a core's own */
    double socket_cache_B;  /* the largest that cores share; the share of a socket */
    double mtu_B;           /* of the first network interface that is up and no loopback */
    bool is_guest;          /* something virtualizes it */
    const char *layer;      /* the innermost such thing: "kvm", "docker"; "" where there is none */
    const char *layer_type; /* "hypervisor", "container"... */
};

/* Of the environment of an operating system (measure/environment.h); NULL: nothing is known. */
struct machine machine_read(const json_t *environment);

#endif
