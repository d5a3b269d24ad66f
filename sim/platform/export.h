/*
 * export.h - a platform for other simulators: SMPI's platform file and LogGOPSim's parameters.
 *
 * SMPI knows a latency and a bandwidth of each route, factors of both by message size, and CPU time
 * of sends and receives by message size. Between the boundaries of its sizes each of them is a
 * line, so a table of lines through our costs at these boundaries says all of them, of one path and
 * on idle hosts: the path between hosts where there are two, else that between guests of one host,
 * else that within one operating system. What SMPI has no word for is told by export_losses().
 */
#ifndef VHPCSIM_EXPORT_H
#define VHPCSIM_EXPORT_H

#include "sim/platform/platform.h"

#include <stdio.h>

enum { EXPORT_PIECES = 128 };

/* CPU time of a call, s. */
struct export_line {
    double message_s, byte_s;
};

/* Messages of from_B + 1 bytes and more, up to the next piece's from_B; the first has those of 0
 * bytes too. */
struct export_piece {
    double from_B;
    double latency_factor, bandwidth_factor; /* of the way */
    struct export_line send, isend, recv;    /* 0 where they are part of the way: SMPI charges none
                                                of a rendezvous */
};

struct export_costs {
    enum path path;
    double latency_s, bandwidth_Bps; /* of the route, which the factors multiply */
    double eager_B;                  /* largest message that waits for no receiver */
    int n;
    struct export_piece piece[EXPORT_PIECES];
};

/* Costs of the platform's main path. The last piece is that of all larger messages. */
void export_costs_of(const struct platform *platform, struct export_costs *costs);

/*
 * Half a round trip of a message under SMPI with these costs: what a ping-pong shows. SMPI sends 16
 * bytes with each message, and charges empty messages no CPU time.
 */
double export_half_round_trip_s(const struct export_costs *costs, double size_B);

/* The same under our own models, on idle hosts. */
double export_own_half_round_trip_s(const struct platform *platform, double size_B);

/* Writes SimGrid's platform file with SMPI's flags (SimGrid 3.32). Write errors are the stream's.
 */
void export_simgrid(const struct platform *platform, FILE *out);

/* Writes one line a rank: the host that it runs on (smpirun -hostfile). */
void export_hostfile(const struct platform *platform, FILE *out);

/*
 * Writes LogGOPSim's parameters on one line: "-L 21000 -o 2000 -g 600 -G 8.6 -O 0.1 -S 65536", in
 * nanoseconds and bytes: L, o and g of messages of one byte, G of long ones.
 */
void export_loggops(const struct platform *platform, FILE *out);

/* Writes what the platform has and those simulators do not, one a line, each behind `prefix`. */
void export_losses(const struct platform *platform, const char *prefix, FILE *out);

#endif
