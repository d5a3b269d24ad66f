/*
 * path_fit.h - what messages cost on one path, piece by piece, as the simulator means it.
 *
 * A message costs its sender's CPU time, a way, and its receiver's CPU time, one behind the other
 * (models/network.h). The way is a latency and the bytes' time on a wire, or on whatever takes its
 * place; headers of packets are on the wire too. Pieces by size add to the latency and slow the
 * wire down, so the wire itself is what the fastest piece shows. Calls of send and receive tell the
 * CPU times, half a round trip the sum of all: the numbers are chosen so that the simulated
 * ping-pong is the measured one, and where they contradict each other, half a round trip is right.
 *
 * Beyond the eager threshold a call of MPI_Send waits for the receiver, and one of MPI_Recv for the
 * bytes. There the sender's cost is that of MPI_Isend, and the receiver's that of the largest
 * eager messages without their bytes: copies run beside the wire. The handshake is part of the
 * latency.
 */
#ifndef VHPCSIM_CALIBRATION_PATH_FIT_H
#define VHPCSIM_CALIBRATION_PATH_FIT_H

#include "dataset.h"
#include "models/network.h"
#include "resample.h"
#include "segment.h"

/* How bytes are cut on their way. */
struct packets {
    double payload_B;  /* of a full packet; 0: bytes are not cut */
    double overhead_B; /* of each packet, on the wire beside its payload */
};

/* What is known to be part of every message: profiles, as the simulator reads them. */
struct path_base {
    const struct network *network;
    enum path path;
    bool has_way; /* the way too, not CPU times alone */
};

struct path_request {
    enum raw_path path;
    enum raw_load load;
    double eager_threshold_B; /* larger messages are not eager */
    struct packets packets;
    struct resampling resampling;
    const struct path_base *base; /* what is fitted comes on top; NULL: nothing is known */
    int skip_every; /* leaves out each so-many-th size, >= 2; 0: none. The first and the last stay
                     */
};

struct path_piece {
    double from_B;
    struct estimate send_message_s, send_byte_s;
    struct estimate recv_message_s, recv_byte_s;
    struct estimate latency_s; /* beyond that of the path */
    struct estimate slowdown;  /* of the wire, >= 1 */
    double spread;             /* relative standard deviation of one message's time on its way */
};

struct path_fit {
    struct packets packets;
    struct estimate latency_s;     /* 0 on top of a way that is known */
    struct estimate bandwidth_Bps; /* of the wire, headers included; NAN on top of one */
    int n;                         /* pieces, 1..SEGMENT_PIECES */
    struct path_piece piece[SEGMENT_PIECES];
    double validity_B[2]; /* smallest and largest message */
    int n_sizes, n_visits;
    bool has_send, has_recv;     /* calls were measured; without, their cost is part of the way */
    double error_p50, error_p95; /* |ln(measured / fitted)| of the sizes' locations */
    double noise_floor;          /* visits_noise_floor() of the ping-pong */
};

/*
 * Fits one path of the dataset. Returns 0, -ENODATA where its ping-pong has fewer than five sizes,
 * or -ENOMEM. Cost: that of segments_fit(), and of `resampling.n_draws` fits between its
 * breakpoints.
 */
int path_fit(const struct dataset *dataset, const struct path_request *request,
             struct path_fit *fit);

/* Bytes that a message of `size_B` puts on the wire; an empty message still is a byte. */
double packets_wire_B(const struct packets *packets, double size_B);

/* The piece of a message. */
const struct path_piece *path_fit_piece(const struct path_fit *fit, double size_B);

/* What a message takes of profiles: send and receive, and its way on idle hosts. */
double path_base_call_s(const struct path_base *base, bool is_send, double size_B);
struct transfer path_base_way(const struct path_base *base, double size_B);

/* Half a round trip, without what is known already. */
double path_fit_time_s(const struct path_fit *fit, double size_B);

/* Of that, what the way takes. */
double path_fit_way_s(const struct path_fit *fit, double size_B);

#endif
