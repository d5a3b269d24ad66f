/*
 * profile_fields.c - the keys of profile documents of links, MPI libraries and technologies.
 *
 * Each row fills one member of models/profile.h, which says what the number
 * means. Mechanisms that a technology does not have default to no cost, so
 * that a simple profile stays short.
 */
#include "document_rows.h"
#include "scenario.h"

#include "models/collective.h"

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
     .help = "Bandwidth between two ranks under one operating system: what one core copies. All "
             "messages there share as many of it as there are cores."},
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
