#include "plausible.h"

#include <stddef.h>

static const double shortest_message_s = 2e-8;  /* two misses between caches take longer */
static const double fastest_network_Bps = 1e12; /* 8 Tbit/s */
static const double fastest_memory_Bps = 2e13;
static const double smallest_arrays_B = 64e6; /* less lies in the caches of a server of 2020 */
static const double fastest_core_flops = 1e13;
static const double shortest_access_s = 2e-10;
static const double fastest_disk_Bps = 1e11;
static const double longest_s = 1e6;

static const char *of_network(const struct raw_cell *cell, double time_s)
{
    if (time_s < shortest_message_s)
        return "no message is that fast";
    if (cell->size_B / time_s > fastest_network_Bps)
        return "no network or memory moves messages that fast";
    return NULL;
}

static const char *of_arrays(const struct raw_cell *cell, double time_s)
{
    if (cell->size_B < smallest_arrays_B)
        return "arrays of that size lie in caches, so this tells nothing of memory";
    if (cell->argument[0] / time_s > fastest_memory_Bps)
        return "no memory is that fast: the arrays lay in caches";
    return NULL;
}

static const char *of_dgemm(const struct raw_cell *cell, double time_s)
{
    const double flop = 2.0 * cell->argument[0] * cell->argument[1] * cell->argument[2];
    return flop / time_s > fastest_core_flops ? "no core is that fast" : NULL;
}

static const char *of_kind(const struct raw_cell *cell, double time_s)
{
    switch (cell->operation) {
    case RAW_DGEMM:
        return of_dgemm(cell, time_s);
    case RAW_READ:
    case RAW_COPY:
    case RAW_TRIAD:
    case RAW_TRANSPOSE:
        return of_arrays(cell, time_s);
    case RAW_ACCESS:
    case RAW_ACCESS_CHAIN:
        return time_s < shortest_access_s * cell->argument[0]
                   ? "no memory is that fast: the table lay in caches"
                   : NULL;
    case RAW_DISK_READ:
    case RAW_DISK_WRITE:
        return cell->size_B / time_s > fastest_disk_Bps ? "no disk is that fast: this is memory"
                                                        : NULL;
    case RAW_SCALAR:
    case RAW_FFT:
    case RAW_INTEGER:
        return cell->argument[0] / time_s > fastest_core_flops ? "no core is that fast" : NULL;
    default:
        return of_network(cell, time_s);
    }
}

const char *implausible(const struct raw_cell *cell, double time_s)
{
    if (time_s > longest_s)
        return "nobody waited that long: the unit may be another";
    return of_kind(cell, time_s);
}
