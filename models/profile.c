#include "profile.h"

#include <stddef.h>

const char *const work_class_names[N_WORK_CLASS + 1] = {"dgemm",   "memory", "fft",
                                                        "integer", "scalar", NULL};
const char *const mpi_wait_names[] = {"blocks", "polls", NULL};
const char *const virt_kind_names[] = {"native", "hypervisor", "container", NULL};
const char *const virt_numa_names[] = {"hidden", "exposed", NULL};
const char *const same_host_via_names[] = {"network", "shared-memory", NULL};
const char *const backend_scope_names[] = {"none", "vm", "node", NULL};
const char *const image_format_names[N_IMAGE_FORMATS + 1] = {"block", "raw", "qcow2", "vmdk", NULL};
const char *const image_cache_names[N_IMAGE_CACHES + 1] = {"none", "writethrough", "writeback",
                                                           NULL};
const char *const image_snapshot_names[N_IMAGE_SNAPSHOTS + 1] = {"none", "local", "nfs", NULL};
