/*
 * profile_fields.c - the keys of the four kinds of profile document.
 *
 * Each row fills one member of models/profile.h, which says what the number
 * means. Mechanisms that a technology does not have default to no cost, so
 * that a simple profile stays short.
 */
#include "scenario.h"

#include "models/collective.h"

#define TEXT(type, member)      .kind = FIELD_TEXT, .offset = offsetof(type, member)
#define CHOICE(type, member)    .kind = FIELD_CHOICE, .offset = offsetof(type, member)
#define COUNT(type, member)     .kind = FIELD_COUNT, .offset = offsetof(type, member)
#define QUANTITY(type, member)  .kind = FIELD_QUANTITY, .offset = offsetof(type, member)
#define PARAMETER(type, member) .kind = FIELD_PARAMETER, .offset = offsetof(type, member)
#define GROUP(type, member, table)                                                                 \
    .kind = FIELD_GROUP, .offset = offsetof(type, member), .fields = table
#define END                                                                                        \
    {                                                                                              \
        .key = NULL                                                                                \
    }

/* --- node ------------------------------------------------------------------ */

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
    {.key = "disk", GROUP(struct node_profile, disk, disk_fields), .help = "The node's own disk."},
    END};

/* --- link ------------------------------------------------------------------ */

const struct field link_fields[] = {
    {.key = "name", TEXT(struct link_profile, name), .help = "How scenarios name this link."},
    {.key = "title",
     TEXT(struct link_profile, title),
     .fallback = "",
     .help = "What it is, in one line."},
    {.key = "bandwidth",
     PARAMETER(struct link_profile, bandwidth_Bps),
     .dimension = DIMENSION_BANDWIDTH,
     .valid_dimension = DIMENSION_BYTES,
     FIELD_ABOVE_0,
     .help = "Raw rate of one direction of the wire."},
    {.key = "latency",
     PARAMETER(struct link_profile, latency_s),
     .dimension = DIMENSION_TIME,
     .valid_dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .help = "One way, NIC to NIC through one switch, without the software on both sides."},
    {.key = "mtu",
     QUANTITY(struct link_profile, mtu_B),
     .dimension = DIMENSION_BYTES,
     .min = 64.0,
     .max = 1e9,
     .fallback = "1500 B",
     .help = "Largest packet, headers of its network and transport protocols included."},
    {.key = "packet_header",
     QUANTITY(struct link_profile, packet_header_B),
     .dimension = DIMENSION_BYTES,
     .min = 0.0,
     .max = 1024.0,
     .fallback = "52 B",
     .help = "Of each packet, headers: IP and TCP with time stamps are 52 B."},
    {.key = "frame_overhead",
     QUANTITY(struct link_profile, frame_overhead_B),
     .dimension = DIMENSION_BYTES,
     .min = 0.0,
     .max = 1024.0,
     .fallback = "38 B",
     .help = "Around each packet on the wire: preamble, Ethernet header, check sum and gap."},
    END};

/* --- MPI library ----------------------------------------------------------- */

#define MESSAGE_TIME(type, name, member, text)                                                     \
    {                                                                                              \
        .key = name, PARAMETER(type, member), .dimension = DIMENSION_TIME,                         \
        .valid_dimension = DIMENSION_BYTES, FIELD_FROM_0, .fallback = "0 s", .help = text          \
    }
#define BYTE_TIME(type, name, member, text)                                                        \
    {                                                                                              \
        .key = name, PARAMETER(type, member), .dimension = DIMENSION_TIME_PER_BYTE,                \
        .valid_dimension = DIMENSION_BYTES, FIELD_FROM_0, .fallback = "0 s/B", .help = text        \
    }

const struct field mpi_fields[] = {
    {.key = "name", TEXT(struct mpi_profile, name), .help = "How scenarios name this library."},
    {.key = "title",
     TEXT(struct mpi_profile, title),
     .fallback = "",
     .help = "What it is, in one line."},
    {.key = "wait",
     CHOICE(struct mpi_profile, wait),
     .choices = mpi_wait_names,
     .help = "What a rank that waits for a message does with its core: blocks frees it, polls "
             "keeps it busy."},
    {.key = "collectives",
     CHOICE(struct mpi_profile, collectives),
     .choices = collective_library_names,
     .fallback = "open-mpi-4.1",
     .help = "Whose decision table picks the algorithms of collectives; `vhpcsim explain` NAME "
             "shows it."},
    {.key = "eager_threshold",
     QUANTITY(struct mpi_profile, eager_threshold_B),
     .dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "64 KiB",
     .help = "Larger messages wait until the receiver is ready (rendezvous)."},
    MESSAGE_TIME(struct mpi_profile, "send_message", send_message_s,
                 "Sender's CPU time per message: library and native network stack."),
    BYTE_TIME(struct mpi_profile, "send_byte", send_byte_s, "Sender's CPU time per byte."),
    MESSAGE_TIME(struct mpi_profile, "recv_message", recv_message_s,
                 "Receiver's CPU time per message: library and native network stack."),
    BYTE_TIME(struct mpi_profile, "recv_byte", recv_byte_s, "Receiver's CPU time per byte."),
    MESSAGE_TIME(struct mpi_profile, "look", look_s,
                 "CPU time of a look for messages (MPI_Test) that finds none, for programs that "
                 "look after every step of their work."),
    MESSAGE_TIME(struct mpi_profile, "look_connection", look_connection_s,
                 "What each other rank that a message may come from adds to a look: one socket "
                 "more for poll(2)."),
    {.key = "local_latency",
     PARAMETER(struct mpi_profile, local_latency_s),
     .dimension = DIMENSION_TIME,
     .valid_dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .help = "Latency between two ranks under one operating system."},
    {.key = "local_bandwidth",
     PARAMETER(struct mpi_profile, local_bandwidth_Bps),
     .dimension = DIMENSION_BANDWIDTH,
     .valid_dimension = DIMENSION_BYTES,
     FIELD_ABOVE_0,
     .help = "Bandwidth between two ranks under one operating system."},
    END};

/* --- virtualization technology --------------------------------------------- */

#define EFFICIENCY_RANGE .min = 0.0, .max = 10.0, .min_is_excluded = true
static const struct field efficiency_fields[] = {
    {.key = "alone",
     PARAMETER(struct efficiency, alone),
     EFFICIENCY_RANGE,
     .fallback = "1",
     .help = "Part of the native speed that a vCPU keeps while one 1-vCPU guest is at work."},
    {.key = "full_node",
     PARAMETER(struct efficiency, full_node),
     EFFICIENCY_RANGE,
     .fallback = "@alone",
     .help = "The same while 1-vCPU guests are at work on every core."},
    {.key = "smp_guest",
     PARAMETER(struct efficiency, smp_guest),
     EFFICIENCY_RANGE,
     .fallback = "@full_node",
     .help = "The same while guests of two and more vCPUs are at work on every core."},
    END};

#define EFFICIENCY(name, class, text)                                                              \
    {                                                                                              \
        .key = name, GROUP(struct virt_profile, efficiency[class], efficiency_fields),             \
        .help = text                                                                               \
    }
static const struct field efficiencies_fields[] = {
    EFFICIENCY("dgemm", WORK_DGEMM, "Matrix multiply and triangular solve."),
    EFFICIENCY("memory", WORK_MEMORY, "Work that memory bandwidth binds."),
    EFFICIENCY("fft", WORK_FFT, "FFT butterflies."),
    EFFICIENCY("integer", WORK_INTEGER, "Integer and pointer work."),
    EFFICIENCY("scalar", WORK_SCALAR, "Scalar floating point."),
    {.key = "access",
     GROUP(struct virt_profile, access_efficiency, efficiency_fields),
     .help = "Accesses at random to memory beyond all caches: nested or shadow page tables."},
    END};

static const struct field stack_fields[] = {
    MESSAGE_TIME(struct guest_stack, "send_message", send_message_s,
                 "Sender's CPU time per message beyond the native stack."),
    BYTE_TIME(struct guest_stack, "send_byte", send_byte_s,
              "Sender's CPU time per byte beyond the native stack."),
    MESSAGE_TIME(struct guest_stack, "recv_message", recv_message_s,
                 "Receiver's CPU time per message beyond the native stack."),
    BYTE_TIME(struct guest_stack, "recv_byte", recv_byte_s,
              "Receiver's CPU time per byte beyond the native stack."),
    END};

static const struct field backend_fields[] = {
    {.key = "scope",
     CHOICE(struct backend, scope),
     .choices = backend_scope_names,
     .fallback = "none",
     .help = "Whose traffic one backend serves: none (there is no backend), one guest's (vm), or "
             "that of all guests of a node (node)."},
    MESSAGE_TIME(struct backend, "message", message_s,
                 "Service time of a message, each way, beside that of its packets."),
    MESSAGE_TIME(struct backend, "packet", packet_s, "Service time of each packet of it."),
    BYTE_TIME(struct backend, "byte", byte_s,
              "Service time of each byte, for a guest with one vCPU: copies, acknowledgements, "
              "packets sent again."),
    MESSAGE_TIME(struct backend, "latency", latency_s,
                 "Delay of each way that keeps nobody busy: notification, interrupt."),
    {.key = "cpu_share",
     PARAMETER(struct backend, cpu_share),
     .min = 0.0,
     .max = 1.0,
     .fallback = "1",
     .help = "Host CPU seconds per second of service."},
    {.key = "hypervisor_share",
     PARAMETER(struct backend, hypervisor_share),
     .min = 0.0,
     .max = 1.0,
     .fallback = "0",
     .help = "Part of these that the hypervisor spends for the backend (page flips, interrupts, "
             "switches of domains); it changes the account of host CPU time alone."},
    {.key = "busy_factor",
     PARAMETER(struct backend, busy_factor),
     .min = 1.0,
     .max = 1000.0,
     .fallback = "1",
     .help = "How many times longer service takes while vCPUs compute on every core of the host; "
             "half of the slowdown while one core is idle, none while two are: the vCPU that "
             "communicates and its backend need one each."},
    MESSAGE_TIME(struct backend, "wakeup", wakeup_s,
                 "Delay that the backend adds to each way while no core of the host is idle; half "
                 "of it while one is."),
    {.key = "byte_smp",
     PARAMETER(struct backend, byte_smp_s),
     .dimension = DIMENSION_TIME_PER_BYTE,
     .valid_dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "@byte",
     .help = "Service time of each byte, for a guest with two and more vCPUs, whose interrupts, "
             "locks and scheduling cost more: it may be many times that of one vCPU."},
    {.key = "busy_smp_factor",
     PARAMETER(struct backend, busy_smp_factor),
     .min = 1.0,
     .max = 1000.0,
     .fallback = "@busy_factor",
     .help = "busy_factor for guests with two and more vCPUs, where a vCPU that computes and one "
             "that communicates belong to the same guest."},
    END};

static const struct field same_host_fields[] = {
    {.key = "latency",
     PARAMETER(struct same_host_path, latency_s),
     .dimension = DIMENSION_TIME,
     .valid_dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "0 s",
     .help = "Latency between two guests of one host, measured end to end."},
    {.key = "bandwidth",
     PARAMETER(struct same_host_path, bandwidth_Bps),
     .dimension = DIMENSION_BANDWIDTH,
     .valid_dimension = DIMENSION_BYTES,
     FIELD_ABOVE_0,
     .fallback = "1 GB/s",
     .help = "Bandwidth between two guests of one host, measured end to end."},
    END};

const struct field technology_fields[] = {
    {.key = "name", TEXT(struct virt_profile, name), .help = "How scenarios name this technology."},
    {.key = "title",
     TEXT(struct virt_profile, title),
     .fallback = "",
     .help = "What it is, in one line."},
    {.key = "kind",
     CHOICE(struct virt_profile, kind),
     .choices = virt_kind_names,
     .help = "native (no guests), hypervisor or container."},
    {.key = "memory_overhead",
     QUANTITY(struct virt_profile, memory_overhead_B),
     .dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "0 B",
     .help = "Memory of the host that each guest takes beyond its own."},
    {.key = "numa",
     CHOICE(struct virt_profile, numa),
     .choices = virt_numa_names,
     .fallback = "hidden",
     .help = "Whether guests know which memory is near which vCPU (exposed); where not (hidden), a "
             "guest on several sockets keeps its data on any of them."},
    {.key = "efficiency",
     .kind = FIELD_GROUP,
     .fields = efficiencies_fields,
     .help = "Part of the native speed that a vCPU keeps, by what limits the work; 1 is native."},
    {.key = "stack",
     GROUP(struct virt_profile, stack, stack_fields),
     .help = "CPU time that the guest's network stack adds to each message."},
    {.key = "backend",
     GROUP(struct virt_profile, backend, backend_fields),
     .help = "The serial server outside the guest through which every message goes."},
    {.key = "same_host",
     GROUP(struct virt_profile, same_host, same_host_fields),
     .help = "The path between two guests of one host."},
    END};
