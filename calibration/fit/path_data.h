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
    int group, launch; /* visits of one block err together, and those of a launch */
};

/* All of a path. */
struct path_data {
    int n;
    struct path_visit *visits; /* sorted by piece, equation, size and time */
    int *groups, *launches;    /* of each */
    int n_points;              /* of an equation and a size each */
    int *begin;                /* visits of point i are begin[i]..begin[i + 1] - 1 */
    int n_pieces;
    double from_B[SEGMENT_PIECES];
    int first[SEGMENT_PIECES + 1]; /* points of piece i are first[i]..first[i + 1] - 1 */
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

/*
 * Locates all points where there are weight[i] copies of visit i: in `points` a visit as the
 * weighted median of the point's, in `point_weight` how many visits that are. A point without
 * visits weighs nothing.
 */
void path_data_locate(const struct path_data *data, const double weight[],
                      struct path_visit points[], double point_weight[]);

/* True where messages of the piece go before the receiver is ready. */
bool path_data_is_eager(const struct path_data *data, int piece);

/*
 * Relative standard deviation of one message's time in each piece: how much repetitions of one size
 * differ between their quartiles, as other programs' doing is beyond, and the median of that over
 * the piece's sizes. How far sizes are off the piece's line is no jitter. Half a round trip is the
 * mean of two messages, so one differs by more than it. Returns 0 or -ENOMEM.
 */
int path_data_spreads(const struct path_data *data, double spread[]);

#endif
