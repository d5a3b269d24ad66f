/*
 * layer.h - who took the time: the layers to which a rank's time is attributed,
 * and the domains to which a host's CPU time is.
 */
#ifndef VHPCSIM_LAYER_H
#define VHPCSIM_LAYER_H

enum layer {
    LAYER_COMPUTE,         /* native compute */
    LAYER_CPU_OVERHEAD,    /* what the guest adds to it where the core binds */
    LAYER_MEMORY_OVERHEAD, /* what the guest adds to it where memory binds */
    LAYER_NATIVE_STACK,    /* MPI library and native network stack, CPU of the rank */
    LAYER_GUEST_STACK,     /* what the guest's network stack adds */
    LAYER_BACKEND,         /* the I/O backend: service, queue behind vCPUs, notification */
    LAYER_WIRE,            /* NIC, links and switches, idle */
    LAYER_CONTENTION,      /* others' messages on the same backend or link, and vCPUs that start to
                              compute beside the backend while the message is under way */
    LAYER_WAIT,            /* the partner had not come yet */
    LAYER_STEAL,           /* core lost to backends and to other ranks */
    LAYER_NOISE,           /* core lost in detours of operating systems and hypervisor */
    LAYER_DISK, /* the node's disk: its service, and that of others who use it meanwhile */
    N_LAYERS
};
extern const char
    *const layer_names[N_LAYERS + 1]; /* "compute", "cpu_overhead", ...; NULL at the end */
extern const char *const layer_help[N_LAYERS];

enum cpu_domain {
    CPU_GUEST,      /* the ranks' own work, compute and stacks, and their cores' detours */
    CPU_HYPERVISOR, /* CPU and memory overhead of running in a guest, and the hypervisor's part in
                       moving messages */
    CPU_BACKEND,    /* I/O backends: QEMU, vhost, dom0 */
    CPU_IDLE,
    N_CPU_DOMAINS
};
extern const char *const cpu_domain_names[N_CPU_DOMAINS + 1];

#endif
