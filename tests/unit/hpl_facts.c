#include "hpl_facts.h"

#include "hpl_matrix.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

const struct hpl_fact hpl_facts[] = {
#include "hpl_facts.inc"
};
const int n_hpl_facts = sizeof hpl_facts / sizeof hpl_facts[0];

struct hpl_spec hpl_fact_spec(const struct hpl_fact *fact)
{
    return (struct hpl_spec){.n = fact->run.n,
                             .nb = fact->run.nb,
                             .order = fact->run.order,
                             .p = fact->run.p,
                             .q = fact->run.q,
                             .pfact = fact->run.pfact,
                             .nbmin = fact->run.nbmin,
                             .ndiv = fact->run.ndiv,
                             .rfact = fact->run.rfact,
                             .broadcast = fact->run.broadcast,
                             .depth = fact->run.depth,
                             .swap = fact->run.swap,
                             .swap_threshold = fact->run.swap_threshold,
                             .equilibration = fact->run.equilibration != 0};
}

void hpl_fact_check(const struct hpl_fact *fact, int rank, const struct rank_traffic *traffic)
{
    assert_in_range(rank, 0, HPL_FACT_RANKS - 1);
    assert_int_equal(traffic->n_sends, fact->ranks[rank].n_sends);
    assert_int_equal(traffic->sent_B, fact->ranks[rank].sent_B);
    assert_int_equal(traffic->n_receives, fact->ranks[rank].n_receives);
    assert_int_equal(traffic->received_B, fact->ranks[rank].received_B);
    assert_int_equal(traffic->n_collectives, 0);
}

const long *hpl_fact_pivots(const struct hpl_fact *fact)
{
    static long pivots[HPL_FACT_N];
    static int known_n;

    assert_in_range(fact->run.n, 1, HPL_FACT_N);
    if (fact->run.n != known_n)
        assert_int_equal(hpl_matrix_pivots(fact->run.n, pivots), 0);
    known_n = fact->run.n;
    return pivots;
}
