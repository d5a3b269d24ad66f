#include "layer.h"

#include <stddef.h>

const char *const layer_names[N_LAYERS + 1] = {
    [LAYER_COMPUTE] = "compute",
    [LAYER_CPU_OVERHEAD] = "cpu_overhead",
    [LAYER_MEMORY_OVERHEAD] = "memory_overhead",
    [LAYER_NATIVE_STACK] = "native_stack",
    [LAYER_GUEST_STACK] = "guest_stack",
    [LAYER_BACKEND] = "backend",
    [LAYER_WIRE] = "wire",
    [LAYER_CONTENTION] = "contention",
    [LAYER_WAIT] = "wait",
    [LAYER_STEAL] = "steal",
    [LAYER_NOISE] = "noise",
    [LAYER_DISK] = "disk",
    [N_LAYERS] = NULL,
};

const char *const layer_help[N_LAYERS] = {
    [LAYER_COMPUTE] = "computation, as long as the bare node would need",
    [LAYER_CPU_OVERHEAD] = "what the guest adds to computation that the core limits",
    [LAYER_MEMORY_OVERHEAD] = "what the guest adds to computation that memory limits",
    [LAYER_NATIVE_STACK] = "CPU time of the MPI library and of the native network stack",
    [LAYER_GUEST_STACK] = "CPU time that the guest's network stack adds",
    [LAYER_BACKEND] = "I/O backend: service, notification and its fight for a core",
    [LAYER_WIRE] = "NIC, links and switches, when nobody else uses them",
    [LAYER_CONTENTION] = "other messages on the same backend or link",
    [LAYER_WAIT] = "the partner had not come yet",
    [LAYER_STEAL] = "core lost to backends and to other ranks",
    [LAYER_NOISE] = "core lost in detours of operating systems and hypervisor",
    [LAYER_DISK] = "the node's disk: own accesses, and those of others that use it meanwhile",
};

const char *const cpu_domain_names[N_CPU_DOMAINS + 1] = {
    [CPU_GUEST] = "guest", [CPU_HYPERVISOR] = "hypervisor", [CPU_BACKEND] = "backend",
    [CPU_IDLE] = "idle",   [N_CPU_DOMAINS] = NULL,
};
