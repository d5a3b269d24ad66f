/*
 * environment.h - what an operating system that ranks run in is made of, as far as it can be seen
 * from inside: from the virtualization under it to the policy of its huge pages.
 *
 * Numbers that are measured mean nothing without it. Nothing here measures, changes or waits for
 * anything; what cannot be read is left out, so that an absent key means "not visible", never
 * "none". Sources are /proc, /sys, the processor's CPUID, and libraries that are loaded.
 *
 * The object has these keys, of which environment_x.c makes one or a few each:
 *     host            name, boot_id, kernel, architecture, command_line, distribution
 *     virtualization  stack (outermost first), signatures, dmi, namespaces, nesting
 *     cpu             model, microcode, sockets, cores, smt, frequency, vulnerabilities, caches...
 *     clock           current and available clocksources
 *     numa            nodes with their cores and memory
 *     cores           those this process may use: affinity, cpuset
 *     limits          what control groups allow: cpu_cores, memory_B
 *     memory          sizes, huge pages, swap
 *     load            averages and processes, at the time of the call
 *     thermal         temperatures, times throttled
 *     networks, rdma, disks   devices
 *     software        compiler, C library, BLAS, topology (hwloc's XML)
 */
#ifndef VHPC_ENVIRONMENT_H
#define VHPC_ENVIRONMENT_H

#include <jansson.h>
#include <stdbool.h>

enum { MAX_SIGNATURES = 4, SIGNATURE_LENGTH = 12 };

/* What CPUID says of hypervisors, from leaves 0x40000000, 0x40000100... */
struct hypervisor_leaves {
    bool is_present; /* the flag that hypervisors set for their guests (leaf 1, ecx 31) */
    int n;
    char signatures[MAX_SIGNATURES][SIGNATURE_LENGTH + 1];
};

/* Where to look. */
struct environment_source {
    const char *root; /* before each path: "" is this machine; borrowed */
    struct hypervisor_leaves leaves;
};

/* This machine. */
struct environment_source environment_here(void);

/* Everything of the operating system that the caller runs in; belongs to the caller. */
json_t *environment_collect(const struct environment_source *source);

#endif
