/*
 * node_fields.c - the keys of profile documents of nodes.
 */
#include "document_rows.h"
#include "scenario.h"

static const struct field core_rate_fields[] = {
    {.key = "alone",
     PARAMETER(struct core_rate, alone),
     .dimension = DIMENSION_RATE,
     FIELD_ABOVE_0,
     .help = "Flops per second of a core while the others idle."},
    {.key = "full_node",
     PARAMETER(struct core_rate, full_node),
     .dimension = DIMENSION_RATE,
     FIELD_ABOVE_0,
     .fallback = "@alone",
     .help = "Flops per second of each core while all of them are at work."},
    END};

#define RATE(name, class, text)                                                                    \
    {                                                                                              \
        .key = name, GROUP(struct node_profile, rate_flops[class], core_rate_fields), .help = text \
    }
static const struct field rates_fields[] = {
    RATE("dgemm", WORK_DGEMM, "Matrix multiply and triangular solve: registers and caches bind."),
    RATE("memory", WORK_MEMORY,
         "Vector loops with data in cache; memory_bandwidth binds where data are not."),
    RATE("fft", WORK_FFT, "FFT butterflies: flops with strided access."),
    RATE("integer", WORK_INTEGER, "Integer and pointer work: sorting, table updates."),
    RATE("scalar", WORK_SCALAR,
         "Scalar floating point: dependent operations, divisions, logarithms."),
    END};

#define POLYNOMIAL(name, member, text)                                                             \
    {                                                                                              \
        .key = name, PARAMETER(struct dgemm_polynomial, member), .dimension = DIMENSION_TIME,      \
        .valid_dimension = DIMENSION_NONE, FIELD_FROM_0, .fallback = "0 s", .help = text           \
    }
static const struct field dgemm_polynomial_fields[] = {
    POLYNOMIAL(
        "mnk", mnk_s,
        "Time per M x N x K of a matrix multiply; 0 s: not calibrated, rates.dgemm is used."),
    POLYNOMIAL("mn", mn_s, "Time per M x N, for reading and writing C."),
    POLYNOMIAL("mk", mk_s, "Time per M x K, for reading A."),
    POLYNOMIAL("nk", nk_s, "Time per N x K, for reading B."),
    POLYNOMIAL("call", call_s, "Time per call."),
    END};

static const struct field memory_bandwidth_fields[] = {
    {.key = "one",
     PARAMETER(struct node_profile, memory_bandwidth_one_Bps),
     .dimension = DIMENSION_BANDWIDTH,
     FIELD_ABOVE_0,
     .help = "What one core can use while the others idle (STREAM triad, single)."},
    {.key = "all",
     PARAMETER(struct node_profile, memory_bandwidth_all_Bps),
     .dimension = DIMENSION_BANDWIDTH,
     FIELD_ABOVE_0,
     .fallback = "@one",
     .help = "What all cores share (STREAM triad on every core, summed)."},
    {.key = "socket",
     PARAMETER(struct node_profile, memory_bandwidth_socket_Bps),
     .dimension = DIMENSION_BANDWIDTH,
     FIELD_FROM_0,
     .fallback = "0 B/s",
     .help = "What the cores of one socket share: about all / sockets where each has memory of its "
             "own (NUMA); 0 B/s: no limit but that of all, as on a front-side bus."},
    {.key = "interconnect",
     PARAMETER(struct node_profile, interconnect_Bps),
     .dimension = DIMENSION_BANDWIDTH,
     FIELD_FROM_0,
     .fallback = "0 B/s",
     .help = "What the cores of one socket draw from the memories of the others together; 0 B/s: "
             "no limit."},
    {.key = "remote_slowdown",
     PARAMETER(struct node_profile, remote_slowdown),
     .min = 1.0,
     .max = 100.0,
     .fallback = "1",
     .help = "How many times as long a core takes for bytes and accesses of another socket's "
             "memory."},
    END};

static const struct field page_walk_fields[] = {
    {.key = "small",
     PARAMETER(struct page_walk, small_s),
     .dimension = DIMENSION_TIME,
     FIELD_FROM_0,
     .fallback = "0 s",
     .help = "With pages of 4 KiB: about one access more where page tables do not fit caches; 0 s: "
             "not told apart, and neither nested paging nor huge pages change anything."},
    {.key = "huge",
     PARAMETER(struct page_walk, huge_s),
     .dimension = DIMENSION_TIME,
     FIELD_FROM_0,
     .fallback = "@small",
     .help = "With pages of 2 MiB, whose tables are 512 times smaller: an access to a cache; at "
             "most that of small pages counts."},
    {.key = "at_once",
     PARAMETER(struct page_walk, at_once),
     .min = 0.0,
     .max = 1000.0,
     .fallback = "0",
     .help = "Walks that a core has under way at most: one on processors until about 2014, two and "
             "more since; 0: as many as accesses."},
    END};

static const struct field cache_fields[] = {
    {.key = "core",
     QUANTITY(struct node_profile, cache.core_B),
     .dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "0 B",
     .help = "The largest cache that a core has to itself."},
    {.key = "socket",
     QUANTITY(struct node_profile, cache.socket_B),
     .dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "0 B",
     .help = "The cache that the cores of a socket share, where it is not the same bytes again."},
    {.key = "bandwidth",
     PARAMETER(struct node_profile, cache.bandwidth_Bps),
     .dimension = DIMENSION_BANDWIDTH,
     FIELD_FROM_0,
     .fallback = "0 B/s",
     .help = "What a core draws from them; 0 B/s: as much as its rates need."},
    END};

#define YIELD(name, class, text)                                                                   \
    {                                                                                              \
        .key = name, PARAMETER(struct node_profile, smt_yield[class]), .min = 0.1, .max = 16.0,    \
        .fallback = "1", .help = text                                                              \
    }
static const struct field smt_yield_fields[] = {
    YIELD("dgemm", WORK_DGEMM, "Matrix multiply: one thread alone fills a core's units."),
    YIELD("memory", WORK_MEMORY, "Vector loops, and what a core draws from memory and caches."),
    YIELD("fft", WORK_FFT, "FFT butterflies."),
    YIELD("integer", WORK_INTEGER, "Integer and pointer work."),
    YIELD("scalar", WORK_SCALAR, "Scalar floating point: chains that leave units idle gain most."),
    END};

static const struct field disk_fields[] = {
    {.key = "read",
     PARAMETER(struct disk_profile, read_Bps),
     .dimension = DIMENSION_BANDWIDTH,
     FIELD_ABOVE_0,
     .fallback = "60 MB/s",
     .help = "Sequential reads."},
    {.key = "write",
     PARAMETER(struct disk_profile, write_Bps),
     .dimension = DIMENSION_BANDWIDTH,
     FIELD_ABOVE_0,
     .fallback = "@read",
     .help = "Sequential writes."},
    {.key = "latency",
     PARAMETER(struct disk_profile, latency_s),
     .dimension = DIMENSION_TIME,
     FIELD_FROM_0,
     .fallback = "100 us",
     .help = "Time per operation before data flow: system call, controller, bus."},
    {.key = "seek",
     PARAMETER(struct disk_profile, seek_s),
     .dimension = DIMENSION_TIME,
     FIELD_FROM_0,
     .fallback = "12 ms",
     .help = "Time to find a record that does not follow the last one: head movement and half a "
             "turn; 0 s for a disk without moving parts."},
    {.key = "turn",
     PARAMETER(struct disk_profile, turn_s),
     .dimension = DIMENSION_TIME,
     FIELD_FROM_0,
     .fallback = "0 s",
     .help = "What passes between one write that is waited for and the next one behind it: a turn "
             "of a disk whose write cache is off; 0 s where there is one, or no moving parts."},
    END};

/* Linux has let dirty pages be 20 % of what may hold files since 2.6.22, 40 % before. */
static const struct field page_cache_fields[] = {
    {.key = "memory_share",
     PARAMETER(struct page_cache_profile, memory_share),
     .min = 0.0,
     .max = 1.0,
     .fallback = "0.9",
     .help = "Part of an operating system's memory that may hold files, while programs are small."},
    {.key = "dirty_share",
     PARAMETER(struct page_cache_profile, dirty_share),
     .min = 0.0,
     .max = 1.0,
     .fallback = "0.2",
     .help = "Part of these files that may wait to be written while the writer goes on (Linux' "
             "vm.dirty_ratio)."},
    {.key = "read_ahead",
     PARAMETER(struct page_cache_profile, read_ahead_B),
     .dimension = DIMENSION_BYTES,
     FIELD_ABOVE_0,
     .fallback = "128 KiB",
     .help = "One request of a file that is read in order; the next is made before the program "
             "asks."},
    {.key = "run",
     PARAMETER(struct page_cache_profile, run_B),
     .dimension = DIMENSION_BYTES,
     FIELD_ABOVE_0,
     .fallback = "1 MiB",
     .help = "What is written back in a row: of a file that was changed at random, between two "
             "seeks, at most a record."},
    {.key = "copy",
     PARAMETER(struct page_cache_profile, copy_Bps),
     .dimension = DIMENSION_BANDWIDTH,
     FIELD_ABOVE_0,
     .fallback = "1.5 GB/s",
     .help = "What a program reads from it or writes to it, system calls included."},
    END};

static const struct field noise_fields[] = {NOISE_ROWS, END};

static const struct field scheduler_fields[] = {SCHEDULER_ROWS, END};

static const struct field mitigation_fields[] = {
    {.key = "kernel_entry",
     PARAMETER(struct mitigation_profile, kernel_entry_s),
     .dimension = DIMENSION_TIME,
     FIELD_FROM_0,
     .fallback = "0 s",
     .help = "Added to each system call and interrupt, entry and return together: change of page "
             "tables, flushes of predictors and buffers. About 0.1 us to 0.4 us where processors "
             "leak, nothing in hardware that was mended."},
    {.key = "exit",
     PARAMETER(struct mitigation_profile, exit_s),
     .dimension = DIMENSION_TIME,
     FIELD_FROM_0,
     .fallback = "0 s",
     .help = "Added to each exit of a guest and its return: flushes of the first-level cache and "
             "of predictors."},
    END};

const struct field node_fields[] = {
    {.key = "name", TEXT(struct node_profile, name), .help = "How scenarios name this node."},
    {.key = "title",
     TEXT(struct node_profile, title),
     .fallback = "",
     .help = "What it is, in one line."},
    {.key = "sockets",
     COUNT(struct node_profile, n_sockets),
     .min = 1,
     .max = NODE_MAX_SOCKETS,
     .fallback = "1",
     .help = "Processors of the node."},
    {.key = "cores_per_socket",
     COUNT(struct node_profile, n_cores_per_socket),
     .min = 1,
     .max = 1024,
     .help = "Cores of each processor; hardware threads are not cores."},
    {.key = "threads_per_core",
     COUNT(struct node_profile, n_threads_per_core),
     .min = 1,
     .max = 16,
     .fallback = "1",
     .help = "Hardware threads of each core that the operating system may use."},
    {.key = "smt_yield",
     .kind = FIELD_GROUP,
     .fields = smt_yield_fields,
     .help = "What all hardware threads of a core reach together, in units of one alone, by what "
             "limits the work; 1: they gain nothing."},
    {.key = "clock",
     QUANTITY(struct node_profile, clock_Hz),
     .dimension = DIMENSION_FREQUENCY,
     FIELD_ABOVE_0,
     .help = "Clock of the cores; for reports, rates say how fast they are."},
    {.key = "memory",
     QUANTITY(struct node_profile, memory_B),
     .dimension = DIMENSION_BYTES,
     FIELD_ABOVE_0,
     .help = "Main memory of the node."},
    {.key = "rates",
     .kind = FIELD_GROUP,
     .fields = rates_fields,
     .help = "How fast a core works, by what limits the work."},
    {.key = "dgemm_polynomial",
     GROUP(struct node_profile, dgemm, dgemm_polynomial_fields),
     .help = "Calibrated time of a matrix multiply alone on the node, beyond rates.dgemm."},
    {.key = "memory_bandwidth",
     .kind = FIELD_GROUP,
     .fields = memory_bandwidth_fields,
     .help = "Bytes per second between the cores and main memory."},
    {.key = "caches",
     .kind = FIELD_GROUP,
     .fields = cache_fields,
     .help = "What need not come from memory again; 0 B: workloads see memory alone."},
    {.key = "memory_latency",
     PARAMETER(struct node_profile, memory_latency_s),
     .dimension = DIMENSION_TIME,
     FIELD_FROM_0,
     .fallback = "100 ns",
     .help = "Time of one access at random to a table beyond all caches, translation of its "
             "address included."},
    {.key = "page_walk",
     GROUP(struct node_profile, page_walk, page_walk_fields),
     .help = "Part of memory_latency that finds the place of a page, which the core does not have "
             "at hand; guests walk two tables in place of one (technology: nested_walk)."},
    {.key = "accesses_at_once",
     PARAMETER(struct node_profile, accesses_at_once),
     .min = 1.0,
     .max = 1000.0,
     .fallback = "10",
     .help = "Random accesses that one core has under way at most: its line fill buffers."},
    {.key = "strided_extra",
     PARAMETER(struct node_profile, strided_extra_B),
     .dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "18 B",
     .help = "Extra memory traffic of an element that is read along a matrix' columns and written "
             "along rows: 8 B x STREAM triad / PTRANS of one process, less 24 B; up to a cache "
             "line on newer nodes. The default is a Dell PE860's."},
    {.key = "network_bandwidth",
     PARAMETER(struct node_profile, network_bandwidth_Bps),
     .dimension = DIMENSION_BANDWIDTH,
     .valid_dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "0 B/s",
     .help = "In and out together that bus, driver and stack carry; 0 B/s: no limit."},
    {.key = "node_spread",
     PARAMETER(struct node_profile, node_spread),
     .min = 0.0,
     .max = 0.5,
     .fallback = "0",
     .help = "Relative standard deviation of speed between nodes."},
    {.key = "call_spread",
     PARAMETER(struct node_profile, call_spread),
     .min = 0.0,
     .max = 0.5,
     .fallback = "0",
     .help = "Relative standard deviation of time between calls of one kernel on one core."},
    {.key = "noise",
     GROUP(struct node_profile, noise, noise_fields),
     .help = "Detours of a core for the operating system of the bare node."},
    {.key = "scheduler",
     GROUP(struct node_profile, scheduler, scheduler_fields),
     .help = "How ranks take turns where a bare node, or a guest, has more of them than hardware "
             "threads or vCPUs."},
    {.key = "mitigation",
     GROUP(struct node_profile, mitigation, mitigation_fields),
     .help = "What mitigations of the processor's leaks cost where they are on "
             "(cluster.mitigations)."},
    {.key = "disk", GROUP(struct node_profile, disk, disk_fields), .help = "The node's own disk."},
    {.key = "page_cache",
     GROUP(struct node_profile, page_cache, page_cache_fields),
     .help = "How its operating system, and those of guests, keep files in memory."},
    END};
