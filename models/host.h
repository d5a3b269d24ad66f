/*
 * host.h - what vCPUs and I/O backends do to each other on the cores of one host.
 *
 * Backends are threads of the host (QEMU, vhost) or of a driver domain (dom0) and must
 * run somewhere. On a host with idle cores they run there. Where vCPUs
 * compute on every core, a backend has to win one from them: its service
 * slows, its wake-up waits, and the vCPU loses the time that the backend gets.
 * Left out: caches that the backend cools, and the order in which a scheduler
 * picks among several backends.
 */
#ifndef VHPCSIM_HOST_H
#define VHPCSIM_HOST_H

/* What a host's cores do at one moment. */
struct host_load {
    int n_cores;     /* of the host, >= 1 */
    int n_computing; /* vCPUs that compute, or poll where the MPI library polls; may exceed n_cores
                      */
};

/*
 * Share of the host's cores that vCPUs hold by computing, 0..1: the
 * chance that the core on which a backend wakes up is taken.
 */
double host_pressure(const struct host_load *load);

/*
 * Factor by which a backend's service slows: 1 on an idle host, `busy_factor`
 * (>= 1) when vCPUs compute on every core, and in between in proportion to the pressure.
 */
double host_service_slowdown(const struct host_load *load, double busy_factor);

/*
 * Part of `cpu_s` seconds of backend CPU time that computing vCPUs lose: what does not
 * fit on idle cores. All of it when every core computes, none when one core is left.
 */
double host_stolen_s(const struct host_load *load, double cpu_s);

#endif
