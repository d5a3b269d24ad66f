/*
 * path_data.h - what a path's fit looks at: visits of the calls and of half a round trip.
 */
#ifndef VHPCSIM_CALIBRATION_PATH_DATA_H
#define VHPCSIM_CALIBRATION_PATH_DATA_H

#include "path_fit.h"

/* What a visit's time is made of. */
enum path_equation { PATH_SEND, PATH_RECV, PATH_ROUND, N_PATH_EQUATIONS };

/* The median of one visit. */
struct path_visit {
    enum path_equation equation;
    double size_B, time_s;
    double wire_B;  /* on the wire; on top of a way that is known, seconds of its bytes */
    double known_s; /* of time_s, what is known already */
    int piece;
    int group; /* visits of one block err together */
};

/* All of a path. */
struct path_data {
    int n;
    struct path_visit *visits; /* sorted by piece */
    int *groups;               /* of each */
    int n_pieces;
    double from_B[SEGMENT_PIECES];
    int first[SEGMENT_PIECES + 1]; /* visits of piece i are first[i]..first[i + 1] - 1 */
    double eager_threshold_B;
    struct segments segments; /* series 0 is half a round trip */
    struct visit_series rounds;
    double noise_floor;
    int n_sizes;
};

/* Gathers, and cuts into pieces. Returns 0, -ENODATA or -ENOMEM; release it in any case. */
int path_data_init(struct path_data *data, const struct dataset *dataset,
                   const struct path_request *request);
void path_data_release(struct path_data *data);

/* True where messages of the piece go before the receiver is ready. */
bool path_data_is_eager(const struct path_data *data, int piece);

#endif
