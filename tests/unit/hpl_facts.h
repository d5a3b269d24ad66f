/*
 * hpl_facts.h - what each rank of the real HPL sent and received.
 *
 * Recorded from HPCC 1.5.0 (Debian 12) under Open MPI by tests/validation/hpl-traffic/run --facts.
 */
#ifndef VHPCSIM_HPL_FACTS_H
#define VHPCSIM_HPL_FACTS_H

#include "sim/workload/hpl/hpl.h"

enum { HPL_FACT_RANKS = 8, HPL_FACT_N = 512 /* none is larger */ };

struct hpl_fact {
    /* In the order and with the numbers of HPL.dat. */
    struct {
        int n, nb, order, p, q, pfact, nbmin, ndiv, rfact, broadcast, depth, swap, swap_threshold;
        int equilibration;
    } run;
    struct {
        uint64_t n_sends, sent_B, n_receives, received_B;
    } ranks[HPL_FACT_RANKS];
};

extern const struct hpl_fact hpl_facts[];
extern const int n_hpl_facts;

struct hpl_spec hpl_fact_spec(const struct hpl_fact *fact);

/* Fails the test where rank `rank` did anything else than in `fact`. */
void hpl_fact_check(const struct hpl_fact *fact, int rank, const struct rank_traffic *traffic);

/* The pivots of HPL's own matrix of that size; valid until the next call. */
const long *hpl_fact_pivots(const struct hpl_fact *fact);

#endif
