/*
 * visit_sample.h - the same fit to other draws of the same visits (of bootstrap.c alone).
 */
#ifndef VHPCSIM_VISIT_SAMPLE_H
#define VHPCSIM_VISIT_SAMPLE_H

#include "calibration/fit/segment_lines.h"
#include "calibration/fit/visit_table.h"
#include "models/random.h"

enum line_number { LINE_A, LINE_B, N_LINE_NUMBERS };

/* A line without bounds, whose errors are those of normal noise. */
struct line_estimate {
    int n;                        /* points; below 2 b is 0 */
    double value[N_LINE_NUMBERS]; /* may be negative */
    double error[N_LINE_NUMBERS]; /* standard errors from the spread of visits */
    double chi_square;            /* of the points about the line, in what visits explain */
};

struct sampled_series {
    struct visit_table table;
    int *taken;        /* for each visit, the number of the one in its place; -1: none */
    double *deviation; /* room for one of each visit */
    int *piece;        /* of each point, in the fit */
    double spread[SEGMENT_PIECES]; /* of the visits taken; NAN: nothing tells */
};

struct visit_sample {
    int min_sizes;
    struct segments segments; /* the fit */
    struct sampled_series series[SEGMENT_SERIES];
    struct segment_series located[SEGMENT_SERIES]; /* the sample: times are NAN of sizes left out */
    struct segment_limits limits;  /* the fit's: a sample's wild points weigh less too */
    struct segment_axis axis;      /* of the sample */
    int first[SEGMENT_PIECES + 1]; /* numbers of sizes at which pieces begin; and of all sizes */
    double *chosen_s;              /* room for all visits of a size */
    double *loss_before;           /* room for a number for each size */
};

/* Takes all visits to begin with. Returns 0, -EINVAL or -ENOMEM as visits_locate(); release it in
 * any case. Borrows nothing. */
int visit_sample_init(int n_series, const struct visit_series visits[],
                      const struct segments *segments, struct visit_sample *sample);
void visit_sample_release(struct visit_sample *sample);

/* Takes the visits of one launch, where breakpoints are; or as many of each size and launch as
 * there are, with replacement, and places breakpoints anew, each between its neighbours. */
void visit_sample_launch(struct visit_sample *sample, int launch);
void visit_sample_draw(struct visit_sample *sample, struct random_stream *stream);

struct line_estimate visit_sample_line(const struct visit_sample *sample, int series, int piece);

#endif
