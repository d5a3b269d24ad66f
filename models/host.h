/*
 * host.h - what vCPUs and I/O backends do to each other on the cores of one host.
 *
 * Backends are threads of the host (QEMU, vhost) or of a driver domain (dom0) and must
 * run somewhere. Traffic at full speed keeps two cores at work, the vCPU that communicates and its
 * backend. On a host with two idle cores they run there. Where vCPUs compute, the two share what is
 * left, and at last have to win a core: service slows, wake-ups wait, and
 * the vCPU that computes loses the time that the backend gets.
 * Where cores are reserved for backends, neither takes anything from the other.
 * Left out: caches that the backend cools, and the order in which a scheduler
 * picks among several backends.
 */
#ifndef VHPCSIM_HOST_H
#define VHPCSIM_HOST_H

/* What a host's cores do at one moment. */
struct host_load {
    int n_cores;     /* of the host, >= 1 */
    int n_reserved;  /* of these, for backends alone, 0..n_cores - 1: vCPUs never compute there */
    int n_computing; /* vCPUs that compute, or poll where the MPI library polls; may exceed n_cores
                      */
};

/*
 * Share of the two cores that a communicating vCPU and its backend need which vCPUs that
 * compute hold, 0..1: 0 while two cores are idle, 1 when none is. 0 where backends have cores of
 * their own.
 */
double host_pressure(const struct host_load *load);

/*
 * Factor by which a backend's service slows: 1 on an idle host, `busy_factor`
 * (>= 1) when vCPUs compute on every core, and in between in proportion to the pressure.
 */
double host_service_slowdown(const struct host_load *load, double busy_factor);

/*
 * Part of `cpu_s` seconds of backend CPU time that computing vCPUs lose under a fair scheduler. On
 * two cores: beside one computing vCPU, three threads get two thirds of a core each, so the vCPU
 * loses half of what the backend gets; beside two, the two lose all of it. In general the
 * pressure's share.
 */
double host_stolen_s(const struct host_load *load, double cpu_s);

/*
 * The most that a vCPU can lose in that way while it does `compute_s` seconds of work: a fair
 * scheduler leaves it two thirds of a core, and what the backend needs when it has ended is not its
 * loss.
 */
double host_most_stolen_s(double compute_s);

/*
 * CPU seconds that each vCPU of a guest loses to `cpu_s` seconds of its own backend, of which the
 * guest's vCPUs spend `vcpu_share` (0..1) in exits that emulate the device: one vCPU as often as
 * the other.
 */
double host_exits_s(double cpu_s, double vcpu_share, int n_vcpus);

#endif
