#include "profile.h"

#include <stddef.h>

const char *const work_class_names[N_WORK_CLASS + 1] = {"dgemm",   "memory", "fft",
                                                        "integer", "scalar", NULL};
const char *const mpi_wait_names[] = {"blocks", "polls", NULL};
const char *const virt_kind_names[] = {"native", "hypervisor", "container", NULL};
const char *const virt_numa_names[] = {"hidden", "exposed", NULL};
const char *const backend_scope_names[] = {"none", "vm", "node", NULL};
