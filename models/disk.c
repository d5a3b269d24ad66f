#include "disk.h"

#include <assert.h>
#include <math.h>

double disk_access_B(const struct disk_access *access)
{
    assert(isfinite(access->record_B) && access->record_B >= 0.0);
    assert(isfinite(access->n_records) && access->n_records >= 0.0);

    return access->n_records * access->record_B;
}

double disk_work_s(const struct disk_profile *disk, const struct disk_work *work)
{
    return work->read_B / disk->read_Bps.value + work->written_B / disk->write_Bps.value +
           work->n_waits * disk->latency_s.value + work->n_waited_turns * disk->turn_s.value +
           work->n_seeks * disk->seek_s.value;
}
