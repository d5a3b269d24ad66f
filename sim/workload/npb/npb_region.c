#include "npb_region_parts.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *kernel;
    int (*regions)(enum npb_class class, struct npb_region regions[]);
} counts[] = {
    {"ep", npb_ep_regions}, {"is", npb_is_regions}, {"ft", npb_ft_regions}, {"cg", npb_cg_regions},
    {"mg", npb_mg_regions}, {"bt", npb_bt_regions}, {"sp", npb_sp_regions}, {"lu", npb_lu_regions},
};

int npb_regions(const struct npb_kernel *kernel, enum npb_class class,
                struct npb_region regions[NPB_MAX_REGIONS])
{
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (strcmp(counts[i].kernel, kernel->name) == 0) {
            const int n = counts[i].regions(class, regions);
            assert(n <= NPB_MAX_REGIONS);
            return n;
        }
    }
    assert(!"a kernel without regions");
    return 0;
}

const struct npb_region *npb_region_find(int n, const struct npb_region regions[], const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(regions[i].name, name) == 0)
            return &regions[i];
    assert(!"a region that the kernel does not have");
    return NULL;
}

struct work npb_region_work(const struct npb_region *region, double share)
{
    assert(share >= 0.0 && share <= 1.0);
    struct work work = work_of(region->class, region->flops * share, region->bytes * share);
    work.reused_B = region->resident_B * share;
    work.n_lookups = region->accesses * share;
    work.table_B = region->table_B;
    return work;
}
