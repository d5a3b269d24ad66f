#include "disk.h"

#include <assert.h>
#include <math.h>

double disk_cost_s(const struct disk_profile *disk, const struct disk_access *access)
{
    assert(isfinite(access->record_B) && access->record_B >= 0.0);
    assert(isfinite(access->n_records) && access->n_records >= 0.0);

    const double bandwidth_Bps =
        access->operation == DISK_READ ? disk->read_Bps.value : disk->write_Bps.value;
    const double n_seeks =
        access->order == DISK_RANDOM ? access->n_records : fmin(1.0, access->n_records);
    return n_seeks * disk->seek_s.value +
           access->n_records * (disk->latency_s.value + access->record_B / bandwidth_Bps);
}
