/*
 * profile.h - what the four kinds of profile document say, in SI units.
 *
 * A profile is data: which machine, wire, MPI library or virtualization
 * technology it is, and which mechanisms with which parameters it has. The
 * functions of cpu.h, memory.h, network.h and storage.h turn profiles into costs.
 * Strings are owned by the document that the profile was read from.
 */
#ifndef VHPCSIM_PROFILE_H
#define VHPCSIM_PROFILE_H

#include "parameter.h"

/* What limits a piece of work on a core. Each class has its own rate. */
enum work_class {
    WORK_DGEMM,   /* matrix multiply and what behaves like it (dtrsm): registers and caches */
    WORK_MEMORY,  /* vector loops (BLAS 1 and 2, copies, stencils): bytes from memory */
    WORK_FFT,     /* FFT butterflies: flops with strided access */
    WORK_INTEGER, /* integer and pointer work: sorting, table updates */
    WORK_SCALAR,  /* scalar floating point: chains of dependent operations, divisions, logarithms */
    N_WORK_CLASS
};
extern const char *const work_class_names[N_WORK_CLASS + 1]; /* NULL at the end */

/* A rate or a factor that depends on how many of the node's cores are at work. */
struct core_rate {
    struct parameter alone;     /* one core of the node is at work */
    struct parameter full_node; /* every core of the node is at work */
};

/* T = mnk_s MNK + mn_s MN + mk_s MK + nk_s NK + call_s, in seconds, for C(MxN) += A(MxK) B(KxN). */
struct dgemm_polynomial {
    struct parameter mnk_s; /* 0: not calibrated, use the rate of class dgemm */
    struct parameter mn_s;
    struct parameter mk_s;
    struct parameter nk_s;
    struct parameter call_s;
};

/* What cores find without going to memory; bytes beyond that come from there. */
struct cache_profile {
    double core_B;                  /* private to a core, its largest level */
    double socket_B;                /* shared by the cores of a socket, beside the private ones */
    struct parameter bandwidth_Bps; /* of a core to them; 0: they keep up with its rates */
};

struct disk_profile {
    struct parameter read_Bps;
    struct parameter write_Bps;
    struct parameter latency_s; /* per operation: system call, controller, bus */
    struct parameter seek_s;    /* to find a record that does not follow the last one */
    struct parameter turn_s;    /* that passes before a write waited for can be followed by the next
                                   one; 0: the drive has a write cache, or nothing that turns */
};

/* How an operating system, a node's or a guest's, keeps files in memory. */
struct page_cache_profile {
    struct parameter memory_share; /* of its memory that may hold files, 0..1 */
    struct parameter dirty_share;  /* of that, what may wait to be written while programs go on */
    struct parameter read_ahead_B; /* one request of a file that is read in order */
    struct parameter run_B;    /* written back in a row; of a file changed at random, then a seek */
    struct parameter copy_Bps; /* between it and a program */
};

/*
 * Short detours of a core away from its rank: what an operating system does beside, or a hypervisor
 * on the same core. They come at random, each rank's independent of the others'.
 */
struct noise_profile {
    struct parameter rate_Hz;  /* detours in a second of computing; 0: none */
    struct parameter length_s; /* mean of their lengths */
    struct parameter spread;   /* relative standard deviation of lengths (lognormal), 0..10 */
};

/* How more threads, or vCPUs, than there are cores take turns on them. */
struct scheduler_profile {
    struct parameter slice_s; /* of a turn, while others wait for theirs; 0: nobody ever waits */
    struct parameter boost;   /* part of wake-ups that take a core from another at once, 0..1 */
};

/* Part of an access at random to a table beyond all caches that finds the page's place. */
struct page_walk {
    struct parameter small_s; /* pages of 4 KiB; 0: nobody told it apart */
    struct parameter huge_s;  /* pages of 2 MiB */
    struct parameter at_once; /* walks that a core has under way at most; 0: as many as accesses */
};

/* What mitigations of processors' leaks (Meltdown, Spectre, L1TF, MDS) add while they are on. */
struct mitigation_profile {
    struct parameter kernel_entry_s; /* to a system call or an interrupt, entry and return */
    struct parameter exit_s;         /* to an exit of a guest and its return */
};

struct node_profile {
    char *name;
    char *title;
    int n_sockets;
    int n_cores_per_socket;
    int n_threads_per_core; /* hardware threads; 0 counts as 1 */
    /* What all hardware threads of a core reach together, in units of one alone; 1 is no gain. */
    struct parameter smt_yield[N_WORK_CLASS];
    double clock_Hz;
    double memory_B;
    struct core_rate rate_flops[N_WORK_CLASS]; /* per core */
    struct dgemm_polynomial dgemm;             /* alone on the node */
    struct parameter memory_bandwidth_one_Bps; /* what one core can use (STREAM triad, single) */
    struct parameter
        memory_bandwidth_all_Bps; /* what all cores share (STREAM triad, star, summed) */
    struct parameter memory_bandwidth_socket_Bps; /* what the cores of one socket share; 0: no limit
                                                     of its own */
    struct parameter remote_slowdown;  /* a core's use of another socket's memory takes this many
                                          times as long, >= 1 */
    struct parameter interconnect_Bps; /* from the other sockets' memories to one; 0: no limit */
    struct cache_profile cache;
    struct parameter memory_latency_s; /* a read or update at random in a table beyond all caches,
                                          address translation included */
    struct page_walk page_walk;        /* of that, on the bare node */
    struct parameter accesses_at_once; /* of those, how many a core has under way at most, >= 1 */
    struct parameter strided_extra_B;  /* memory traffic beyond its own bytes of an element that is
                                          read along a matrix' columns and written along rows */
    struct parameter
        network_bandwidth_Bps; /* in + out together that bus, driver and stack carry; 0: no limit */
    struct parameter node_spread; /* relative standard deviation of speed between nodes, >= 0 */
    struct parameter call_spread; /* the same between calls of one kernel on one core, >= 0 */
    struct noise_profile noise;   /* of a bare node's operating system */
    struct mitigation_profile mitigation;
    struct scheduler_profile scheduler; /* of the operating system of nodes and guests */
    struct disk_profile disk;
    struct page_cache_profile page_cache; /* of its operating system, and of guests' */
};

struct link_profile {
    char *name;
    char *title;
    struct parameter bandwidth_Bps; /* raw rate of one direction */
    struct parameter latency_s; /* one way, NIC to NIC through one switch, both stacks left out */
    double mtu_B;               /* largest packet, headers of IP and TCP included */
    double packet_header_B;  /* of those, headers: payload per packet is mtu_B - packet_header_B */
    double frame_overhead_B; /* around each packet on the wire: preamble, Ethernet header, gap */
};

enum mpi_wait { MPI_WAIT_BLOCKS, MPI_WAIT_POLLS };
extern const char *const mpi_wait_names[]; /* NULL at the end */

/* CPU time to register a buffer with an RDMA adapter: pin its pages, tell the adapter. */
struct registration_cost {
    struct parameter call_s; /* each registration */
    struct parameter page_s; /* each page of 4 KiB of it */
};

/* How an MPI library treats buffers that an RDMA adapter is to move. */
struct registration {
    double threshold_B; /* smaller messages, and eager ones, are copied through buffers registered
                           once; 0: never registers, as over sockets */
    struct registration_cost cost;
    struct parameter cache_hits; /* part of registrations that its cache spares, 0..1 */
};

/* Entries into the kernel for a message to or from another system: calls and interrupts. */
struct kernel_entries {
    struct parameter send;
    struct parameter receive;
};

/*
 * What messages of a range of sizes cost, as a calibration measured it: facts, without a mechanism
 * behind them. What rises with size within a piece may fall where the next one begins.
 *
 * A list of pieces covers all sizes: a message belongs to the last piece whose from_B is not above
 * its size. The pieces of one list share nothing: each says all of its own range.
 *
 * On their way, latency_s comes on top of that of the path, and the bytes take `slowdown` times as
 * long as the path alone would let them: a slow message so holds the links that it takes for
 * longer. Where a library has to ask the receiver before it sends (rendezvous), what the empty
 * messages of that handshake take is in latency_s: a ping-pong measures both as one, and no engine
 * adds it. `spread` is how much the time on the way differs from message to message: it is
 * multiplied by a lognormal number of mean 1 and this relative standard deviation.
 */
struct message_piece {
    double from_B;
    struct parameter send_message_s; /* CPU time of the sender */
    struct parameter send_byte_s;    /* s/B */
    struct parameter recv_message_s; /* of the receiver, once the message is there */
    struct parameter recv_byte_s;    /* s/B */
    struct parameter latency_s;      /* added, >= 0 */
    struct parameter slowdown;       /* >= 1 */
    struct parameter spread;         /* 0..10; 0: all messages of a size take the same time */
};

enum { MAX_MESSAGE_PIECES = 12 };

/* Pieces by rising from_B, the first from 0 B; none where n is 0. */
struct message_pieces {
    int n;
    struct message_piece items[MAX_MESSAGE_PIECES];
};

struct mpi_profile {
    char *name;
    char *title;
    enum mpi_wait wait;       /* what a waiting rank does with its core */
    int collectives;          /* a number of enum collective_library_number: whose decisions */
    double eager_threshold_B; /* larger messages wait for the receiver (rendezvous) */
    double local_eager_threshold_B; /* the same between two ranks under one operating system */
    /* What follows is of all messages, but of those that have pieces of their own below. */
    struct parameter
        send_message_s;           /* CPU time of the sender: MPI library and native network stack */
    struct parameter send_byte_s; /* the same per byte, s/B */
    struct parameter recv_message_s;
    struct parameter recv_byte_s;
    struct parameter look_s; /* CPU time of a look for messages (MPI_Test) that finds none */
    struct parameter look_connection_s; /* what each rank that it may come from adds to a look */
    struct kernel_entries kernel_entries;
    struct registration registration;
    struct parameter local_latency_s;     /* between two ranks under one operating system */
    struct parameter local_bandwidth_Bps; /* of one message; a core copies one at a time */
    /*
     * Messages between operating systems. Their CPU times take the place of send_message_s to
     * recv_byte_s; what they say of the way is the link's, without what guests add to it, and so
     * has no say between guests of one host.
     */
    struct message_pieces sizes;
    /* The same under one operating system, where the way is local_latency_s and
     * local_bandwidth_Bps. */
    struct message_pieces local_sizes;
};

enum virt_kind { VIRT_NATIVE, VIRT_HYPERVISOR, VIRT_CONTAINER };
extern const char *const virt_kind_names[]; /* NULL at the end */

/* How much of the native speed a vCPU keeps: 1 is native, 0.9 takes 1/0.9 of the time. */
struct efficiency {
    struct parameter alone;     /* one 1-vCPU guest is at work on the node */
    struct parameter full_node; /* 1-vCPU guests are at work on every core */
    struct parameter smp_guest; /* guests of 2 and more vCPUs are at work on every core */
};

/* Extra CPU time inside the guest beyond the native network stack. */
struct guest_stack {
    struct parameter send_message_s;
    struct parameter send_byte_s; /* s/B */
    struct parameter recv_message_s;
    struct parameter recv_byte_s; /* s/B */
};

/* Whether a guest knows which of its memory is near which of its vCPUs. */
enum virt_numa { NUMA_HIDDEN, NUMA_EXPOSED };
extern const char *const virt_numa_names[]; /* NULL at the end */

/* Whose traffic one backend serves: nobody's, one guest's, or all guests' of a node. */
enum backend_scope { BACKEND_NONE, BACKEND_PER_VM, BACKEND_PER_NODE };
extern const char *const backend_scope_names[]; /* NULL at the end */

/*
 * The I/O backend: a serial server outside the guest through which every
 * message goes, once on its way out and once on its way in. QEMU's I/O thread,
 * vhost and dom0's netback are backends.
 */
struct backend {
    enum backend_scope scope;
    struct parameter message_s; /* service time of a message, each way */
    struct parameter packet_s;  /* of each packet of it */
    struct parameter byte_s;    /* of each byte of it: copies, acknowledgements; s/B */
    struct parameter
        latency_s; /* delay of each way that occupies nobody: notification, interrupt */
    struct parameter cpu_share;  /* host CPU seconds per second of service, 0..1 */
    struct parameter vcpu_share; /* part of them that the guest's own vCPU spends: exits in which
                                    the device is emulated; 0..1, 0 where the scope is the node */
    struct parameter hypervisor_share; /* part of them that the hypervisor itself spends: page
                                          flips and copies, interrupts, switches; 0..1 */
    struct parameter busy_factor; /* service slows by this when vCPUs compute on every core, >= 1 */
    struct parameter wakeup_s;    /* delay of each way then */
    /* The same for guests of two and more vCPUs, whose interrupts, locks and scheduling cost more.
     */
    struct parameter byte_smp_s;
    struct parameter busy_smp_factor;
};

/*
 * What the NIC's interrupts cost a guest that receives: exits, injection, end of interrupt. A NIC
 * announces packets that follow each other closely by one interrupt. A library that polls an
 * adapter which it registers buffers with takes none.
 */
struct interrupts {
    struct parameter cost_s;  /* vCPU time of one, beyond the bare node's; the hypervisor's work */
    struct parameter packets; /* of a long message that one announces, >= 1 */
    struct parameter delay_s; /* from the NIC's signal to the guest's handler; keeps nobody busy;
                                 between guests of one host it is part of their path's latency */
};

/* How often a guest's vCPU leaves it for a message; what an exit costs is in other parameters, and
 * in the node's mitigations. */
struct exits {
    struct parameter message;   /* of the sender: notifications of the device */
    struct parameter packet;    /* of either side: accesses to registers of an emulated device */
    struct parameter interrupt; /* of the receiver, each interrupt: injection, end of interrupt */
};

/* What ranks in two guests of one host use. */
enum same_host_via { SAME_HOST_NETWORK, SAME_HOST_SHARED_MEMORY };
extern const char *const same_host_via_names[]; /* NULL at the end */

/*
 * Between two guests of one host. Over the network, latency and bandwidth are measured from end to
 * end: bridge, page flipping or the adapter's own switch, both guests' backends included; never
 * better than between two ranks under one operating system. Through shared memory, as between
 * containers of one IPC namespace, it is exactly that, and costs the guest nothing.
 */
struct same_host_path {
    enum same_host_via via;
    struct parameter latency_s;
    struct parameter bandwidth_Bps;
    struct message_pieces sizes; /* what guests add on this path beyond that and `stack` */
};

/* What holds a guest's disk on its host. */
enum image_format { IMAGE_BLOCK, IMAGE_RAW, IMAGE_QCOW2, IMAGE_VMDK, N_IMAGE_FORMATS };
extern const char *const image_format_names[N_IMAGE_FORMATS + 1]; /* NULL at the end */

/* What the host does with it: its page cache is bypassed, read only, or written too. */
enum image_cache {
    IMAGE_CACHE_NONE,
    IMAGE_CACHE_WRITETHROUGH,
    IMAGE_CACHE_WRITEBACK,
    N_IMAGE_CACHES
};
extern const char *const image_cache_names[N_IMAGE_CACHES + 1]; /* NULL at the end */

/* Where the backing file lies that a guest's disk is a snapshot of; what the guest writes goes to a
 * qcow2 file on its node's disk. */
enum image_snapshot { SNAPSHOT_NONE, SNAPSHOT_LOCAL, SNAPSHOT_NFS, N_IMAGE_SNAPSHOTS };
extern const char *const image_snapshot_names[N_IMAGE_SNAPSHOTS + 1]; /* NULL at the end */

/* How the hypervisor's driver of one format does its work under one cache mode. */
struct image_driver {
    struct parameter piece_B;  /* that it handles at a time, waiting for each; 0: whole requests */
    struct parameter metadata; /* writes elsewhere in the image for each piece, waited for too */
    struct parameter extent_B; /* of the image that lie together on the host's disk; 0: all */
};

struct guest_disk {
    struct parameter request_B; /* largest request that guest and controller make; 0: no limit */
    struct parameter request_s; /* of each, or of each piece: exit, emulation, host's system call */
    struct parameter write_amplification; /* bytes that reach the disk for a byte written, >= 1 */
    /* Of block devices all zeros: requests go to them as they are. */
    struct image_driver driver[N_IMAGE_FORMATS][N_IMAGE_CACHES];
};

/* What happens to vCPUs that nothing pins to cores; see floating.h. */
struct floating {
    struct parameter migrations_Hz; /* of a vCPU from one core to another */
    struct parameter away;    /* 0..1: 1 where it runs on any socket, wherever its memory is */
    struct parameter doubled; /* part of its time, 0..1, on a core with another vCPU while some core
                                 idles, on a node with a vCPU for each core */
};

struct virt_profile {
    char *name;
    char *title;
    enum virt_kind kind;
    double memory_overhead_B; /* of the host, per VM */
    enum virt_numa numa;
    struct efficiency efficiency[N_WORK_CLASS];
    struct efficiency access_efficiency; /* of random accesses where measured as a whole */
    struct parameter nested_walk; /* page walks take this many times as long as on the bare node,
                                     where it is no part of access_efficiency, >= 1 */
    struct guest_stack stack;
    struct backend backend;
    struct interrupts interrupts;
    struct exits exits;
    struct parameter iommu_page_s; /* that the IOMMU's translation adds to each 4 KiB which the NIC
                                      reads or writes, pipelined with the wire */
    struct registration_cost registration; /* beyond the MPI library's, per registration */
    struct message_pieces sizes; /* what guests add between hosts, beyond all other mechanisms */
    struct same_host_path same_host;
    struct guest_disk disk;
    struct noise_profile noise;         /* of hypervisor and guest, beyond the bare node's */
    struct scheduler_profile scheduler; /* of the host, for vCPUs */
    struct floating floating;           /* where vCPUs are not pinned */
};

#endif
