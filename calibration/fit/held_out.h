/*
 * held_out.h - how well fitted profiles predict what they were not fitted to.
 *
 * Sizes: each fourth size is left out, the path fitted to the others, and its prediction compared.
 * No model does better than the data repeat themselves, so the limits are told in multiples of the
 * noise floor. Matrix shapes and numbers of active cores: the same. Operations: ring, broadcast,
 * allreduce and all-to-all, which are no part of any fit, are simulated with the written profiles.
 */
#ifndef VHPCSIM_CALIBRATION_HELD_OUT_H
#define VHPCSIM_CALIBRATION_HELD_OUT_H

#include "profile_set.h"

#include <signal.h>

struct held_out_point {
    double size_B, measured_s, predicted_s;
};

struct held_out_row {
    const char *what; /* "sizes, other_host" */
    int n;            /* predictions compared */
    double p50, p95;  /* of |ln(measured / predicted)| */
    double floor;     /* of the noise; NAN: not known */
    double limit_p50, limit_p95;
    bool is_off;                   /* beyond a limit */
    struct held_out_point *points; /* n of them, in the fit's arena; NULL: not kept */
};

enum { MAX_HELD_OUT = 16 };
struct held_outs {
    int n;
    struct held_out_row rows[MAX_HELD_OUT];
};

/* Adds a row with points: tells its errors. Returns 0 or -ENOMEM. */
int held_out_add(struct held_outs *rows, struct held_out_row *row);

/* Adds what needs no simulation. Returns 0 or -ENOMEM. */
int held_out_fits(const struct fitted *fitted, struct held_outs *rows);

/*
 * Simulates the operations with the profiles in `folder` (where profile_set_write() put them).
 * Returns 0; -ENOMEM, or what predict() returns, with words in `error`. Without a scenario, or
 * measured operations, it adds nothing.
 */
int held_out_operations(const struct fitted *fitted, const char *folder, int n_workers,
                        const volatile sig_atomic_t *interrupted, struct held_outs *rows,
                        char *error, size_t error_size);

bool held_outs_are_off(const struct held_outs *rows);

#endif
