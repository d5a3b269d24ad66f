/*
 * technology_fields.c - the keys of profile documents of virtualization technologies.
 *
 * Each row fills one member of models/profile.h, which says what the number
 * means. Mechanisms that a technology does not have default to no cost, so
 * that a simple profile stays short.
 */
#include "document_rows.h"
#include "scenario.h"

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
     .help = "Accesses at random to memory beyond all caches, where measured as a whole: nested or "
             "shadow page tables are then in it, and nested_walk stays 1."},
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
    {.key = "vcpu_share",
     PARAMETER(struct backend, vcpu_share),
     .min = 0.0,
     .max = 1.0,
     .fallback = "0",
     .help = "Part of that CPU time which the guest's own vCPU spends, in exits that emulate the "
             "device: a rank that computes meanwhile stands still. The rest runs beside it. Has "
             "no effect with scope node."},
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

static const struct field interrupt_fields[] = {
    MESSAGE_TIME(struct interrupts, "cost", cost_s,
                 "vCPU time of an interrupt in a guest that receives: exit, injection, handler's "
                 "extra, end of interrupt."),
    {.key = "packets",
     PARAMETER(struct interrupts, packets),
     .min = 1.0,
     .max = 1e6,
     .fallback = "1",
     .help = "Packets of a long message that one interrupt announces, as the NIC's interrupt "
             "moderation and the guest's polling have it."},
    MESSAGE_TIME(struct interrupts, "delay", delay_s,
                 "From the NIC's signal to the guest's handler; keeps nobody busy."),
    END};

#define EXITS(name, member, text)                                                                  \
    {                                                                                              \
        .key = name, PARAMETER(struct exits, member), .min = 0.0, .max = 1000.0, .fallback = "0",  \
        .help = text                                                                               \
    }
static const struct field exits_fields[] = {
    EXITS("message", message, "Of a sender, each message: notifications of the device."),
    EXITS("packet", packet,
          "Of sender and receiver, each packet: accesses to registers of an emulated device."),
    EXITS("interrupt", interrupt,
          "Of a receiver, each interrupt: injection and its end; 0 where processor and adapter "
          "post it to the guest."),
    END};

static const struct field added_registration_fields[] = {
    MESSAGE_TIME(struct registration_cost, "call", call_s,
                 "CPU time that each registration takes longer than on the bare node: calls into "
                 "the hypervisor."),
    MESSAGE_TIME(struct registration_cost, "page", page_s, "The same of each page of 4 KiB of it."),
    END};

static const struct field added_piece_fields[] = {
    PIECE_FROM_ROW,
    PIECE_CPU_ROW("send_message", send_message_s, DIMENSION_TIME, "0 s",
                  "Sender's CPU time per message, beyond native and guest's stack."),
    PIECE_CPU_ROW("send_byte", send_byte_s, DIMENSION_TIME_PER_BYTE, "0 s/B", "The same per byte."),
    PIECE_CPU_ROW("recv_message", recv_message_s, DIMENSION_TIME, "0 s",
                  "Receiver's CPU time per message, once it is there, beyond native and guest's "
                  "stack."),
    PIECE_CPU_ROW("recv_byte", recv_byte_s, DIMENSION_TIME_PER_BYTE, "0 s/B", "The same per byte."),
    PIECE_WAY_ROWS,
    END};

static const struct field driver_fields[] = {
    {.key = "piece",
     PARAMETER(struct image_driver, piece_B),
     .dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "0 B",
     .help = "What the driver handles at a time and waits for, such as a cluster; 0 B: a whole "
             "request."},
    {.key = "metadata",
     PARAMETER(struct image_driver, metadata),
     .min = 0.0,
     .max = 100.0,
     .fallback = "0",
     .help = "Writes elsewhere in the image for each piece that is written (tables of clusters, "
             "reference counts, the host's journal), for which it waits too: a seek each, and one "
             "back."},
    {.key = "extent",
     PARAMETER(struct image_driver, extent_B),
     .dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "0 B",
     .help = "How much of the image lies together on the host's disk: reading costs a seek for "
             "each; 0 B: all."},
    END};

#define DRIVER(name, format, cache, text)                                                          \
    {                                                                                              \
        .key = name, GROUP(struct guest_disk, driver[format][cache], driver_fields), .help = text  \
    }
#define DRIVERS(table, format)                                                                     \
    static const struct field table[] = {                                                          \
        DRIVER("none", format, IMAGE_CACHE_NONE, "With the host's page cache bypassed."),          \
        DRIVER("writethrough", format, IMAGE_CACHE_WRITETHROUGH,                                   \
               "With writes waited for through the host's page cache."),                           \
        DRIVER("writeback", format, IMAGE_CACHE_WRITEBACK,                                         \
               "With the host's page cache, once no more may wait in it to be written."),          \
        END}
DRIVERS(raw_fields, IMAGE_RAW);
DRIVERS(qcow2_fields, IMAGE_QCOW2);
DRIVERS(vmdk_fields, IMAGE_VMDK);

static const struct field guest_disk_fields[] = {
    {.key = "max_request",
     PARAMETER(struct guest_disk, request_B),
     .dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "0 B",
     .help = "Largest request that the guest's block layer and its controller make of a longer "
             "access; 0 B: no limit."},
    {.key = "request",
     PARAMETER(struct guest_disk, request_s),
     .dimension = DIMENSION_TIME,
     .valid_dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "0 s",
     .help = "Host's time of each request, or piece of one: exit, emulation, system call, "
             "interrupt."},
    {.key = "write_amplification",
     PARAMETER(struct guest_disk, write_amplification),
     .min = 1.0,
     .max = 100.0,
     .fallback = "1",
     .help = "Bytes that reach the host's disk for each byte that the guest writes."},
    {.key = "raw", .kind = FIELD_GROUP, .fields = raw_fields, .help = "A raw file."},
    {.key = "qcow2",
     .kind = FIELD_GROUP,
     .fields = qcow2_fields,
     .help = "A qcow2 file, also that of a snapshot's changes."},
    {.key = "vmdk", .kind = FIELD_GROUP, .fields = vmdk_fields, .help = "A vmdk file."},
    END};

static const struct field noise_fields[] = {NOISE_ROWS, END};

static const struct field same_host_fields[] = {
    {.key = "via",
     CHOICE(struct same_host_path, via),
     .choices = same_host_via_names,
     .fallback = "network",
     .help = "What MPI uses between two guests of one host: the network (bridge or adapter), or "
             "shared-memory as if they were one operating system, where the library sees that "
             "they share a host and both may map the same memory (containers of one IPC "
             "namespace, guests with shared memory devices)."},
    {.key = "latency",
     PARAMETER(struct same_host_path, latency_s),
     .dimension = DIMENSION_TIME,
     .valid_dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "0 s",
     .help = "Latency between two guests of one host over the network, measured end to end; at "
             "least that of two ranks under one operating system."},
    {.key = "bandwidth",
     PARAMETER(struct same_host_path, bandwidth_Bps),
     .dimension = DIMENSION_BANDWIDTH,
     .valid_dimension = DIMENSION_BYTES,
     FIELD_ABOVE_0,
     .fallback = "1 GB/s",
     .help = "Bandwidth between two guests of one host over the network, measured end to end; at "
             "most that of two ranks under one operating system."},
    {.key = "sizes",
     PIECES(struct same_host_path, sizes, added_piece_fields),
     .help = "What guests add by size on this path: CPU times beyond stack, and what is beyond "
             "latency and bandwidth."},
    END};

static const struct field floating_fields[] = {
    {.key = "migrations",
     PARAMETER(struct floating, migrations_Hz),
     .dimension = DIMENSION_FREQUENCY,
     FIELD_FROM_0,
     .fallback = "10 Hz",
     .help = "How often a vCPU is moved to another core, whose caches it has to fill anew."},
    {.key = "away",
     PARAMETER(struct floating, away),
     .min = 0.0,
     .max = 1.0,
     .fallback = "1",
     .help = "How far the socket on which a vCPU runs is independent of where its memory is: at 1, "
             "all but one of n accesses are remote on n sockets; at 0, as with pinned vCPUs."},
    {.key = "doubled",
     PARAMETER(struct floating, doubled),
     .min = 0.0,
     .max = 1.0,
     .fallback = "0.02",
     .help = "Part of its time that a vCPU shares a core with another while some core idles; on a "
             "node with a vCPU for each core, less on emptier ones."},
    END};

static const struct field scheduler_fields[] = {SCHEDULER_ROWS, END};

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
    {.key = "nested_walk",
     PARAMETER(struct virt_profile, nested_walk),
     .min = 1.0,
     .max = 24.0,
     .fallback = "1",
     .help = "How many times longer than on the bare node a page walk takes (node: page_walk). "
             "Nested paging reads up to 24 entries in place of 4, of which caches hold most; 1: "
             "one table is walked (containers, shadow paging), or efficiency.access has it."},
    {.key = "stack",
     GROUP(struct virt_profile, stack, stack_fields),
     .help = "CPU time that the guest's network stack adds to each message."},
    {.key = "backend",
     GROUP(struct virt_profile, backend, backend_fields),
     .help = "The serial server outside the guest through which every message goes."},
    {.key = "interrupts",
     GROUP(struct virt_profile, interrupts, interrupt_fields),
     .help = "What the NIC's interrupts cost a guest that receives, beyond the bare node's."},
    {.key = "exits",
     GROUP(struct virt_profile, exits, exits_fields),
     .help = "How often a guest's vCPU leaves it for a message. Their time is in stack, backend "
             "and interrupts; mitigations (cluster.mitigations) add to each."},
    {.key = "iommu_page",
     PARAMETER(struct virt_profile, iommu_page_s),
     .dimension = DIMENSION_TIME,
     .valid_dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "0 s",
     .help = "What the IOMMU's translation adds to each 4 KiB that the NIC reads or writes."},
    {.key = "registration",
     GROUP(struct virt_profile, registration, added_registration_fields),
     .help = "What registering a buffer with an RDMA adapter takes longer than on the bare node."},
    {.key = "sizes",
     PIECES(struct virt_profile, sizes, added_piece_fields),
     .help = "What guests add to messages between hosts by size, as measured: CPU times beyond "
             "stack, and what the mechanisms below and the wire together do not explain of their "
             "way."},
    {.key = "same_host",
     GROUP(struct virt_profile, same_host, same_host_fields),
     .help = "The path between two guests of one host."},
    {.key = "disk",
     GROUP(struct virt_profile, disk, guest_disk_fields),
     .help = "What a guest's disk costs beyond the node's, by format of the image and cache mode "
             "(virtualization.disk)."},
    {.key = "noise",
     GROUP(struct virt_profile, noise, noise_fields),
     .help = "Detours of a vCPU's core for the hypervisor and the guest's own system, beyond the "
             "bare node's."},
    {.key = "scheduler",
     GROUP(struct virt_profile, scheduler, scheduler_fields),
     .help = "How vCPUs take turns where a node has more of them, tenants' included, than cores."},
    {.key = "floating",
     GROUP(struct virt_profile, floating, floating_fields),
     .help = "What vCPUs lose that are not pinned to cores (virtualization.pinning: off)."},
    END};
