/*
 * HPL's parts: layout, pivots, patterns of messages, copies, and what is said about bad input.
 */
#include "hpl_small.h"
#include "tests/counter/rank_counter.h"

#include "sim/input/scenario.h"
#include "sim/workload/hpl/hpl_exchange.h"
#include "sim/workload/hpl/hpl_parts.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

/* A few operations in double precision. */
static const double ROUNDING = 1e-14;

/* --- layout ------------------------------------------------------------------ */

static void deals_blocks_like_cards(void **state)
{
    (void)state;
    enum { N = 61 };
    for (int nb = 1; nb < 9; nb++)
        for (int n_parts = 1; n_parts < 6; n_parts++)
            for (int part = 0; part < n_parts; part++) {
                long n_dealt = 0;
                for (long end = 0; end < N; end++) {
                    assert_int_equal(hpl_local_count(end, nb, part, n_parts), n_dealt);
                    n_dealt += end / nb % n_parts == part;
                }
            }
}

static void places_ranks_both_ways(void **state)
{
    (void)state;
    for (int order = HPL_ROW_MAJOR; order <= HPL_COLUMN_MAJOR; order++) {
        struct hpl_plan plan = {.spec = hpl_small_spec(3, 4)};
        plan.spec.order = order;
        for (int rank = 0; rank < 12; rank++) {
            int row, col;
            hpl_place(&plan, rank, &row, &col);
            assert_int_equal(hpl_rank_at(&plan, row, col), rank);
        }
        /* Row by row, row 1 begins with rank 4; column by column, with rank 1. */
        assert_int_equal(hpl_rank_at(&plan, 1, 0), order == HPL_ROW_MAJOR ? 4 : 1);
    }
}

/* --- pivots -------------------------------------------------------------------- */

/* Which original row is where after a panel's swaps, one after the other as LAPACK does them. */
static void swap_in_turn(long first, int width, const long pivots[], long n, long at[])
{
    for (long i = 0; i < n; i++)
        at[i] = i;
    for (long i = first; i < first + width; i++) {
        const long kept = at[i];
        at[i] = at[pivots[i]];
        at[pivots[i]] = kept;
    }
}

/* Rows under the diagonal block that are elsewhere afterwards: each came from the block, as many of
 * the process row at `distance` as it has pivots. */
static int rows_that_moved(const struct hpl_spec *spec, long panel, const long at[], int distance)
{
    int n_moved = 0;
    for (long i = (panel + 1) * spec->nb; i < spec->n; i++)
        if (at[i] != i && (i / spec->nb - panel) % spec->p == distance) {
            assert_true(at[i] < (panel + 1) * spec->nb);
            n_moved++;
        }
    return n_moved;
}

static void counts_the_rows_that_swaps_move(void **state)
{
    (void)state;
    const struct hpl_spec spec = hpl_small_spec(5, 2);
    long pivots[HPL_SMALL_N], at[HPL_SMALL_N] = {0};
    /* Every seventh row is chosen again and again, so that rows move twice. */
    for (long j = 0; j < HPL_SMALL_N; j++)
        pivots[j] = j + (HPL_SMALL_N - 1 - j) / 7 * (j * 5 % 8);

    struct hpl_plan plan;
    assert_int_equal(hpl_plan_init(&plan, &spec, pivots), 0);
    for (long panel = 0; panel < plan.n_panels; panel++) {
        const struct hpl_pivots p = hpl_pivots_of(&plan, panel);
        const long left = spec.n - panel * spec.nb;
        const int width = left < spec.nb ? (int)left : spec.nb;
        swap_in_turn(panel * spec.nb, width, pivots, spec.n, at);
        for (int d = 0; d < spec.p; d++) {
            const int n_moved = rows_that_moved(&spec, panel, at, d);
            const int place = p.place[d];
            assert_int_equal(p.before[d + 1] - p.before[d], n_moved);
            assert_int_equal(p.order[place], d);
            if (d > 0)
                assert_int_equal(p.start[place + 1] - p.start[place], n_moved);
        }
        assert_int_equal(p.order[0], 0);
        assert_int_equal(p.start[spec.p], width);
    }
    hpl_plan_release(&plan);
}

/* A pivot is on a process row with probability 1/P: of 960 pivots about 3/4 are not on the current
 * one of 4. Standard deviation 13.4; five of them leave one in 10^6. */
static void draws_pivots_from_all_process_rows(void **state)
{
    (void)state;
    struct hpl_spec spec = hpl_small_spec(4, 1);
    spec.n = 96000;
    spec.nb = 96;
    struct hpl_plan plan;
    assert_int_equal(hpl_plan_init(&plan, &spec, NULL), 0);
    int n_elsewhere = 0;
    for (long panel = 0; panel < 10; panel++) {
        const struct hpl_pivots p = hpl_pivots_of(&plan, panel);
        n_elsewhere += p.before[4] - p.before[1];
    }
    assert_in_range(n_elsewhere, 720 - 67, 720 + 67);
    hpl_plan_release(&plan);
}

/* --- patterns ------------------------------------------------------------------- */

enum { MAX_MEMBERS = 40 };

/* What a member has heard of, one bit a member. */
struct knowledge {
    uint64_t answers;
    bool has_offer;
};

static void learn(struct knowledge *to, const struct knowledge *from, enum hpl_cargo cargo)
{
    to->answers |= from->answers;
    to->has_offer |= cargo == HPL_OFFER;
    assert_true(cargo != HPL_OFFER || from->has_offer);
}

/* Executes all members' steps in an order that messages allow; each must find its counterpart. */
static void run_exchange(int size, struct knowledge known[])
{
    struct hpl_step steps[MAX_MEMBERS][HPL_MAX_STEPS];
    int n_steps[MAX_MEMBERS], done[MAX_MEMBERS] = {0};
    int n_left = 0;

    for (int i = 0; i < size; i++)
        n_left += n_steps[i] = hpl_exchange_steps(i, size, steps[i]);
    for (bool moved = true; moved;) {
        moved = false;
        for (int i = 0; i < size; i++) {
            if (done[i] == n_steps[i])
                continue;
            const struct hpl_step *mine = &steps[i][done[i]];
            const int j = mine->peer;
            const struct hpl_step *theirs = &steps[j][done[j]];
            if (done[j] == n_steps[j] || theirs->peer != i)
                continue;
            assert_int_equal(mine->stage, theirs->stage);
            assert_int_equal(mine->send, theirs->receive);
            assert_int_equal(mine->receive, theirs->send);
            const struct knowledge before = known[i];
            if (mine->receive != HPL_NOTHING)
                learn(&known[i], &known[j], mine->receive);
            if (mine->send != HPL_NOTHING)
                learn(&known[j], &before, mine->send);
            done[i]++, done[j]++;
            n_left -= 2;
            moved = true;
        }
    }
    assert_int_equal(n_left, 0);
}

static void exchange_tells_everybody_everything(void **state)
{
    (void)state;
    for (int size = 1; size <= MAX_MEMBERS; size++) {
        struct knowledge known[MAX_MEMBERS] = {{0}};
        for (int i = 0; i < size; i++)
            known[i] = (struct knowledge){.answers = UINT64_C(1) << i, .has_offer = i == 0};
        run_exchange(size, known);
        for (int i = 0; i < size; i++) {
            assert_true(known[i].answers == (UINT64_C(1) << size) - 1);
            assert_true(known[i].has_offer);
        }
    }
}

static void rolling_brings_every_block_to_everybody(void **state)
{
    (void)state;
    for (int size = 2; size <= MAX_MEMBERS; size++) {
        uint64_t has[MAX_MEMBERS];
        for (int i = 0; i < size; i++)
            has[i] = UINT64_C(1) << i;
        for (int step = 0; step < size - 1; step++) {
            uint64_t had[MAX_MEMBERS];
            memcpy(had, has, sizeof had);
            for (int i = 0; i < size; i++) {
                const struct hpl_roll mine = hpl_roll_step(i, size, step);
                const struct hpl_roll theirs = hpl_roll_step(mine.peer, size, step);
                /* In an odd ring one pair meets across the seam: it talks to different neighbours.
                 */
                if (theirs.peer == i)
                    assert_int_equal(mine.receive, theirs.send);
                assert_true(had[i] >> mine.send & 1);
                has[i] |= UINT64_C(1) << mine.receive;
            }
        }
        for (int i = 0; i < size; i++)
            assert_true(has[i] == (UINT64_C(1) << size) - 1);
    }
}

/* --- one phase on its own ----------------------------------------------------------- */

enum { PANEL = 3 };

static bool one_step(const void *plan, long index, struct step *step)
{
    (void)plan;
    *step = (struct step){.phase = 0, .iteration = PANEL};
    return index == 0;
}

/* Walks one phase at PANEL on the plan's grid; every message must have come. */
static struct counter count_phase(const struct phase *phase, const struct hpl_plan *plan)
{
    const struct counter_options options = {.sends_wait = false};
    const struct program program = {.phases = phase,
                                    .n_phases = 1,
                                    .plan = plan,
                                    .state_size = sizeof(struct hpl_state),
                                    .n_ranks = plan->spec.p * plan->spec.q,
                                    .step = one_step};
    struct counter counter;
    assert_int_equal(count_program(&program, program.n_ranks, &options, &counter), 0);
    assert_int_equal(counter.n_wrong_sizes + counter.n_left_over, 0);
    return counter;
}

/* --- broadcasts ------------------------------------------------------------------- */

static void broadcast_alone(const void *plan, long panel, struct rank *rank, void *state)
{
    const struct hpl_process process = hpl_process_of(plan, rank, state);
    hpl_broadcast_begin(plan, &process, panel);
    hpl_broadcast_finish(plan, &process);
}

/* Panel 3 of 233 / 12 on one process row: (233 - 3 * 12) * 12 + 12 + 1 numbers. */
static const uint64_t PANEL_B = UINT64_C(8) * (197 * 12 + 13);

static void check_broadcast(int q, enum hpl_broadcast broadcast)
{
    static const struct phase phase = {.name = "broadcast", .part = broadcast_alone};
    struct hpl_spec spec = hpl_small_spec(1, q);
    struct hpl_plan plan;

    spec.broadcast = broadcast;
    assert_int_equal(hpl_plan_init(&plan, &spec, NULL), 0);
    struct counter counter = count_phase(&phase, &plan);
    for (int i = 0; i < q; i++) {
        const struct rank_traffic *t = &counter.ranks[i].traffic;
        const bool is_owner = i == 3 % q;
        if (broadcast < HPL_LONG) {
            assert_int_equal(t->n_receives, is_owner ? 0 : 1);
            assert_int_equal(t->received_B, is_owner ? 0 : PANEL_B);
        } else if (!is_owner) {
            assert_true(t->received_B >= PANEL_B);
            assert_true(t->received_B < 2 * PANEL_B);
        }
    }
    counter_release(&counter);
    hpl_plan_release(&plan);
}

static void every_broadcast_brings_the_panel_to_every_column_once(void **state)
{
    (void)state;
    for (int q = 2; q <= 17; q++)
        for (int broadcast = HPL_1RING; broadcast <= HPL_LONG_MODIFIED; broadcast++)
            check_broadcast(q, (enum hpl_broadcast)broadcast);
}

/* --- copies of rows ----------------------------------------------------------------- */

enum { N_COLUMNS = 50 };

static struct hpl_piece piece_of(const struct hpl_plan *plan, const struct hpl_process *process,
                                 long panel)
{
    return (struct hpl_piece){.panel = hpl_panel_of(plan, process, panel), .n_columns = N_COLUMNS};
}

static void swap_alone(const void *plan, long panel, struct rank *rank, void *state)
{
    const struct hpl_process process = hpl_process_of(plan, rank, state);
    const struct hpl_piece piece = piece_of(plan, &process, panel);
    hpl_swap_rows(plan, &process, &piece);
}

static void update_alone(const void *plan, long panel, struct rank *rank, void *state)
{
    const struct hpl_process process = hpl_process_of(plan, rank, state);
    const struct hpl_piece piece = piece_of(plan, &process, panel);
    hpl_update(plan, &process, &piece);
}

static double copied_B(const struct phase *phase, const struct hpl_plan *plan)
{
    struct counter counter = count_phase(phase, plan);
    double bytes = 0.0;
    for (int i = 0; i < counter.n_ranks; i++)
        bytes += counter.ranks[i].bytes[WORK_MEMORY];
    counter_release(&counter);
    return bytes;
}

/* A copy between a row of the matrix, an element a cache line, and U or the diagonal block. */
static const double SCATTERED_B = 64 + 8;

/* On one row a swap is two copies for each of the panel's 12 rows. */
static void one_process_copies_each_row_there_and_back(void **state)
{
    static const struct phase phase = {.name = "update", .part = update_alone};
    const struct hpl_spec spec = hpl_small_spec(1, 1);
    struct hpl_plan plan;
    (void)state;

    assert_int_equal(hpl_plan_init(&plan, &spec, NULL), 0);
    gsl_test_rel(copied_B(&phase, &plan), 12 * N_COLUMNS * 2 * SCATTERED_B, ROUNDING, "1 x 1");
    hpl_plan_release(&plan);
    assert_int_equal(gsl_test_summary(), 0);
}

/* Each pivot row goes to U and a row of the block to its place. The rows of the block that do not
 * go to one of the current process row's own are copied to U in their order, 16 B an element. In
 * the end each process swaps the columns of its U, twice as much. */
static void spreading_copies_each_row_once(void **state)
{
    static const struct phase phase = {.name = "swap", .part = swap_alone};
    (void)state;
    for (int p = 2; p < 9; p++) {
        struct hpl_spec spec = hpl_small_spec(p, 1);
        struct hpl_plan plan;
        spec.swap = HPL_SPREAD_ROLL;
        assert_int_equal(hpl_plan_init(&plan, &spec, NULL), 0);
        const struct hpl_pivots pivots = hpl_pivots_of(&plan, PANEL);
        const int n_own = pivots.before[1], n_all = pivots.before[p];
        const double row_B = n_all * 2 * SCATTERED_B + (12 - n_own) * 16 + p * 12 * 32;
        gsl_test_rel(copied_B(&phase, &plan), N_COLUMNS * row_B, ROUNDING, "%d x 1", p);
        hpl_plan_release(&plan);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

/* How many processes put the pivot rows of the one at `distance` into their U; the others get a U
 * that has them. A folded row counts as its new holder's. */
static int n_copies_in_u(int distance, int p)
{
    const int member = distance % hpl_power_of_two(p);
    return member == 0 ? 1 : 2 * hpl_power_of_two(member);
}

/* The same of pivot rows and the block; and rows that come by message are copied to U. */
static void exchanging_copies_each_row_once(void **state)
{
    static const struct phase phase = {.name = "swap", .part = swap_alone};
    (void)state;
    for (int p = 2; p < 9; p++) {
        struct hpl_spec spec = hpl_small_spec(p, 1);
        struct hpl_plan plan;
        spec.swap = HPL_BINARY_EXCHANGE;
        assert_int_equal(hpl_plan_init(&plan, &spec, NULL), 0);
        const struct hpl_pivots pivots = hpl_pivots_of(&plan, PANEL);
        double row_B = pivots.before[p] * 2 * SCATTERED_B + (12 - pivots.before[1]) * 16;
        for (int d = 1; d < p; d++)
            row_B += (pivots.before[d + 1] - pivots.before[d]) * n_copies_in_u(d, p) * 16;
        gsl_test_rel(copied_B(&phase, &plan), N_COLUMNS * row_B, ROUNDING, "%d x 1", p);
        hpl_plan_release(&plan);
    }
    assert_int_equal(gsl_test_summary(), 0);
}

/* --- rates --------------------------------------------------------------------------- */

/* ACMSE09 table 3: 169.8 GFLOPS at N = 58600: 2/3 58600^3 + 3/2 58600^2 = 1.341585e14 flops
 * in 790.1 s are 169.80. */
static void reports_gflops_as_hpl_does(void **state)
{
    (void)state;
    gsl_test_rel(hpl_gflops(58600, 790.1), 169.80, 1e-5, "GFLOPS");
    assert_int_equal(gsl_test_summary(), 0);
}

/* --- what the user is told --------------------------------------------------------------- */

/* 4 nodes of 2 cores and 1 GiB. */
static struct scenario small_cluster(void)
{
    struct scenario scenario = {0};
    scenario.cluster.n_nodes = 4;
    scenario.cluster.node.n_sockets = 1;
    scenario.cluster.node.n_cores_per_socket = 2;
    scenario.cluster.node.memory_B = 0x1p30;
    return scenario;
}

/* What hpl_check says, as the user reads it; free it. */
static char *complaint(const struct hpl_spec *spec, int *n_errors, int *n_warnings)
{
    const struct scenario scenario = small_cluster();
    struct diagnostics *diagnostics = diagnostics_new();
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(diagnostics);
    assert_non_null(out);
    hpl_check(spec, &scenario, diagnostics);
    *n_errors = diagnostics_count(diagnostics, SEVERITY_ERROR);
    *n_warnings = diagnostics_count(diagnostics, SEVERITY_WARNING);
    diagnostics_print(diagnostics, out, 0);
    fclose(out);
    diagnostics_free(diagnostics);
    return text;
}

static void expect(const struct hpl_spec *spec, int n_errors, int n_warnings, const char *phrase)
{
    int errors, warnings;
    char *text = complaint(spec, &errors, &warnings);
    assert_int_equal(errors, n_errors);
    assert_int_equal(warnings, n_warnings);
    assert_non_null(strstr(text, phrase));
    free(text);
}

static void says_what_is_wrong_with_a_spec(void **state)
{
    (void)state;
    struct hpl_spec spec = hpl_small_spec(2, 4);
    expect(&spec, 0, 0, "");

    spec = hpl_small_spec(7, 4);
    expect(&spec, 1, 0, "process grid of 7 x 4 needs 28 ranks, the scenario has 8");
    expect(&spec, 1, 0, "8 ranks fit 2 x 4");

    /* 25000^2 * 8 B / 8 ranks = 596 MiB, of 512 MiB; 22700^2 is 96 % of it. */
    spec = hpl_small_spec(2, 4);
    spec.n = 25000;
    expect(&spec, 1, 0, "a rank needs");
    spec.n = 22700;
    expect(&spec, 0, 1, "96 % of the memory");

    spec = hpl_small_spec(2, 2);
    spec.n = 11;
    expect(&spec, 0, 1, "more than N = 11");
    spec.n = 20;
    spec.p = 4;
    expect(&spec, 0, 1, "only 2 panels");

    spec = hpl_small_spec(2, 2);
    spec.depth = 21;
    expect(&spec, 1, 0, "look-ahead of 21 panels, of 20");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deals_blocks_like_cards),
        cmocka_unit_test(places_ranks_both_ways),
        cmocka_unit_test(counts_the_rows_that_swaps_move),
        cmocka_unit_test(draws_pivots_from_all_process_rows),
        cmocka_unit_test(exchange_tells_everybody_everything),
        cmocka_unit_test(rolling_brings_every_block_to_everybody),
        cmocka_unit_test(every_broadcast_brings_the_panel_to_every_column_once),
        cmocka_unit_test(one_process_copies_each_row_there_and_back),
        cmocka_unit_test(spreading_copies_each_row_once),
        cmocka_unit_test(exchanging_copies_each_row_once),
        cmocka_unit_test(reports_gflops_as_hpl_does),
        cmocka_unit_test(says_what_is_wrong_with_a_spec),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
