/*
 * profile_fields.c - the keys of profile documents of links and MPI libraries.
 *
 * Each row fills one member of models/profile.h, which says what the number means.
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

static const struct field registration_fields[] = {
    {.key = "threshold",
     QUANTITY(struct registration, threshold_B),
     .dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "0 B",
     .help = "Messages of this size and larger are sent from, and into, registered buffers by an "
             "RDMA adapter; 0 B: none are, as over sockets."},
    MESSAGE_TIME(struct registration, "call", cost.call_s,
                 "CPU time of each registration on the bare node: a system call and the adapter's "
                 "answer."),
    MESSAGE_TIME(struct registration, "page", cost.page_s,
                 "CPU time of each page of 4 KiB of it: to pin it and tell the adapter."),
    {.key = "cache_hits",
     PARAMETER(struct registration, cache_hits),
     .min = 0.0,
     .max = 1.0,
     .fallback = "1",
     .help = "Part of the registrations that the library's cache of registered buffers spares: 0 "
             "is no cache, near 1 a program that uses its buffers again."},
    END};

static const struct field kernel_entries_fields[] = {
    {.key = "send",
     PARAMETER(struct kernel_entries, send),
     .min = 0.0,
     .max = 1000.0,
     .fallback = "0",
     .help = "Of the sender: over sockets a write."},
    {.key = "receive",
     PARAMETER(struct kernel_entries, receive),
     .min = 0.0,
     .max = 1000.0,
     .fallback = "0",
     .help = "Of the receiver: over sockets an interrupt, a poll and a read."},
    END};

static const struct field message_piece_fields[] = {
    PIECE_FROM_ROW,
    PIECE_CPU_ROW("send_message", send_message_s, DIMENSION_TIME, NULL,
                  "Sender's CPU time per message: library and native network stack."),
    PIECE_CPU_ROW("send_byte", send_byte_s, DIMENSION_TIME_PER_BYTE, NULL,
                  "Sender's CPU time per byte."),
    PIECE_CPU_ROW("recv_message", recv_message_s, DIMENSION_TIME, NULL,
                  "Receiver's CPU time per message, once it is there."),
    PIECE_CPU_ROW("recv_byte", recv_byte_s, DIMENSION_TIME_PER_BYTE, NULL,
                  "Receiver's CPU time per byte."),
    PIECE_WAY_ROWS,
    END};

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
    {.key = "local_eager_threshold",
     QUANTITY(struct mpi_profile, local_eager_threshold_B),
     .dimension = DIMENSION_BYTES,
     FIELD_FROM_0,
     .fallback = "@eager_threshold",
     .help = "The same between two ranks under one operating system. Collectives of a cluster with "
             "several go by eager_threshold alone."},
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
    {.key = "kernel_entries",
     GROUP(struct mpi_profile, kernel_entries, kernel_entries_fields),
     .help = "System calls and interrupts for each message to another operating system, whose CPU "
             "time is in send_message and recv_message; mitigations (cluster.mitigations) make "
             "each dearer. 0 where the library reaches its adapter past the kernel."},
    {.key = "registration",
     GROUP(struct mpi_profile, registration, registration_fields),
     .help = "Registration of buffers with an RDMA adapter."},
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
    {.key = "sizes",
     PIECES(struct mpi_profile, sizes, message_piece_fields),
     .help = "Messages between operating systems by size, as a calibration measured them: CPU "
             "times that take the place of send_message, send_byte, recv_message and recv_byte, "
             "and what sizes add to the link's latency and to its bytes' time."},
    {.key = "local_sizes",
     PIECES(struct mpi_profile, local_sizes, message_piece_fields),
     .help = "The same between two ranks under one operating system, on top of local_latency and "
             "local_bandwidth."},
    END};
