#include "disk.h"

#include <assert.h>

double disk_cost_s(const struct disk_profile *disk, enum disk_operation operation, double size_B)
{
    assert(size_B >= 0.0);

    const struct parameter *bandwidth_Bps =
        operation == DISK_READ ? &disk->read_Bps : &disk->write_Bps;
    return disk->latency_s.value + size_B / bandwidth_Bps->value;
}
