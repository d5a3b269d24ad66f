/*
 * synthetic.h - measurements of a machine that there is not, whose truth is known.
 *
 * Two hosts of two cores on gigabit Ethernet. Times are those of the simulator's own definitions,
 * times lognormal noise of visits and repetitions.
 */
#ifndef VHPCSIM_TEST_SYNTHETIC_H
#define VHPCSIM_TEST_SYNTHETIC_H

#include "calibration/raw/raw.h"

struct synthetic {
    double send_s, send_byte_s, recv_s, recv_byte_s; /* eager messages between hosts */
    double latency_s, bandwidth_Bps;
    double piece_B, piece_latency_s, piece_slowdown; /* a piece from piece_B to the threshold */
    double threshold_B, rendezvous_s;                /* what the handshake adds */
    double local_send_s, local_recv_s, local_latency_s, local_bandwidth_Bps;
    double dgemm_mnk_s, dgemm_mk_s, dgemm_call_s, dgemm_full; /* all cores: so many times longer */
    double scalar_flops, fft_flops, integer_flops, triad_flops;
    double memory_one_Bps, memory_all_Bps, memory_latency_s, at_once, strided_extra_B;
    double guest_send_s, guest_latency_s, guest_slowdown; /* added between hosts, factor of bytes */
    double guest_compute;                                 /* computing takes so many times longer */
    enum raw_path far;  /* what messages between operating systems are on; RAW_NOWHERE: hosts */
    double busy_factor; /* long messages beside load take so many times longer; 0: none measured */
    double scale;       /* of all times */
    double visit_noise, repetition_noise; /* relative standard deviations */
    int n_launches, n_blocks, n_sizes;
    double launch_shift; /* of the last launch: its times take so many times longer; 1: none */
    unsigned long seed;
};

/* A plain one. */
extern const struct synthetic synthetic_truth;

/* Half a round trip between hosts. */
double synthetic_round_s(const struct synthetic *truth, double size_B);

/* Everything, or parts of it. Belongs to the caller: raw_free(). */
enum synthetic_part { SYNTHETIC_NETWORK = 1, SYNTHETIC_NODE = 2, SYNTHETIC_ALL = 3 };
struct raw *synthetic_raw(const struct synthetic *truth, int parts);

/* Writes it as the measuring program does. Returns 0 or a negative errno. */
int synthetic_write(const struct raw *raw, const char *path);

#endif
