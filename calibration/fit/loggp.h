/*
 * loggp.h - what short messages cost: overheads, latency, gaps.
 *
 * LogGP (Alexandrov et al., doi:10.1145/215399.215427) with a part per byte in the overheads, as
 * LogGOPS has it: a message of s bytes takes its sender o_s + O_s s, travels L + G s, and takes its
 * receiver o_r + O_r s. Messages sent one behind the other leave g + G s apart, or, where the
 * processors are what is slow, as far apart as the slower one's overhead: the stream then only says
 * that g is not larger than that.
 *
 * Calls are timed alone (send, receive), together (half a round trip), and n in a row followed by
 * an empty answer (the PRTT equation without delay of Hoefler et al.,
 * doi:10.1109/IPDPS.2007.370593): stream(n, s) = (n - 1) max(gap(s), overheads) + one_way(s) +
 * one_way(0) All equations are solved together, by relative errors, for what cannot be negative.
 * Half a round trip alone gives the latency its overheads too (Netgauge), which is then counted
 * twice.
 *
 * One protocol at a time: sizes across a threshold do not lie on one line. The caller picks them.
 */
#ifndef VHPCSIM_LOGGP_H
#define VHPCSIM_LOGGP_H

#include "resample.h"

#include <stdbool.h>

enum loggp_kind { LOGGP_SEND, LOGGP_RECV, LOGGP_ONE_WAY, LOGGP_STREAM, N_LOGGP_KINDS };

/* Median of a visit. */
struct loggp_point {
    enum loggp_kind kind;
    double size_B;
    int n_messages; /* of a stream, >= 2; of others 1 */
    double time_s;  /* > 0: of a call, of half a round trip, of the stream with its answer */
    int group;      /* visits of one number err together */
};

struct loggp {
    struct estimate send_s, send_byte_s; /* o_s, O_s */
    struct estimate recv_s, recv_byte_s; /* o_r, O_r */
    struct estimate latency_s;           /* L */
    struct estimate gap_s, gap_byte_s;   /* g, G */
    bool is_gap_bound;     /* g is at most gap_s: streams went at the pace of a processor, or there
                              were none (gap_s is then the larger overhead) */
    bool is_latency_bound; /* L is 0, as overheads alone are longer than the way */
    double error;          /* relative, root mean square over all points */
};

/*
 * Returns 0; -EINVAL where a time or size is not finite, a time is not > 0, or a stream has fewer
 * than two messages; -EDOM where sends, receives or half round trips are missing or all of one
 * size. Streams may be missing. Writes the result on success alone.
 */
int loggp_fit(int n, const struct loggp_point point[], const struct resampling *how,
              struct loggp *result);

/* What the result predicts for a point's kind, size and messages. */
double loggp_time_s(const struct loggp *result, enum loggp_kind kind, double size_B,
                    int n_messages);

#endif
