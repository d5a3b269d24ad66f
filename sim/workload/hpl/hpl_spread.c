/*
 * hpl_spread.c - row swap by spreading and rolling ("long").
 *
 * Places are the process rows in the order of struct hpl_pivots; U's rows are dealt to places in
 * one run each. The current row, place 0, spreads the runs down a binary tree; each process row
 * puts its pivot rows in their stead; with equilibration the runs are moved until they are of equal
 * length; then they roll around until everybody has all of U.
 *
 * Between messages HPL looks whether the next panel has come.
 */
#include "hpl_exchange.h"
#include "hpl_parts.h"

struct spread {
    const struct hpl_plan *plan;
    const struct hpl_process *process;
    const struct hpl_piece *piece;
    struct hpl_pivots pivots;
    int p;
    int place;    /* of this process */
    bool is_even; /* runs are as equilibration leaves them, not as the pivots fell */
};

/* Equal runs: the first `n_longer` ones have one row more. */
static int even_start(const struct spread *s, int place)
{
    const int width = s->piece->panel.width;
    const int n_longer = width % s->p;
    return place * (width / s->p) + (place < n_longer ? place : n_longer);
}

static int run_start(const struct spread *s, int place)
{
    return s->is_even ? even_start(s, place) : s->pivots.start[place];
}

static int rank_of(const struct spread *s, int place)
{
    return hpl_at_distance(s->plan, s->process, &s->piece->panel, s->pivots.order[place]);
}

static uint64_t rows_B(const struct spread *s, int n_rows)
{
    return (uint64_t)n_rows * (uint64_t)s->piece->n_columns * MPI_DOUBLE_B;
}

static void move_rows(const struct spread *s, int peer_place, bool sends, int n_rows)
{
    const uint64_t size_B = rows_B(s, n_rows);
    hpl_exchange_with(s->process, rank_of(s, peer_place), sends ? size_B : 0, sends ? 0 : size_B);
}

/* --- down a tree ----------------------------------------------------------- */

/*
 * A run of U's rows, `first`..`end`-1, that leaves place `from` for the places right or left of it,
 * cut where their equal runs begin. The first spread of all has the pivots' cuts and goes
 * right from place 0.
 */
struct source {
    int from;
    bool goes_left;
    int first, end;
};

static int clamp(int x, int low, int high)
{
    if (x < low)
        return low;
    return x > high ? high : x;
}

static int cut_at(const struct spread *s, const struct source *source, int place)
{
    if (!s->is_even)
        return s->pivots.start[place];
    return clamp(even_start(s, place), source->first, source->end);
}

/*
 * Rows that go to the places which `receiver` (members from the source, 1..) speaks for. On
 * the way left HPL 2.x sends one place's rows too many (HPL_spreadT, HplLeft): so do we.
 */
static int spread_rows(const struct spread *s, const struct source *source, int receiver, int span)
{
    if (!source->goes_left) {
        const int end = source->from + receiver + span;
        return cut_at(s, source, end < s->p ? end : s->p) -
               cut_at(s, source, source->from + receiver);
    }
    const int last = source->from - receiver;
    return cut_at(s, source, last + 1) - cut_at(s, source, last > span ? last - span : 0);
}

static void spread_from(const struct spread *s, const struct source *source)
{
    const int member = source->goes_left ? source->from - s->place : s->place - source->from;
    const int size = source->goes_left ? source->from + 1 : s->p - source->from;
    if (member < 0 || size == 1)
        return;

    for (int span = hpl_power_of_two(size - 1); span > 0; span /= 2) {
        const int peer = member ^ span;
        if (member % span == 0 && peer < size) {
            const int peer_place = source->goes_left ? source->from - peer : source->from + peer;
            const bool sends = (member & span) == 0;
            move_rows(s, peer_place, sends, spread_rows(s, source, member | span, span));
        }
        hpl_broadcast_poll(s->plan, s->process);
    }
}

/* --- equal runs ------------------------------------------------------------- */

/* HPL leaves the runs alone when all but the last have an even length already. */
static bool runs_are_even(const struct spread *s)
{
    const int shortest = s->piece->panel.width / s->p;
    const int longest = (s->piece->panel.width + s->p - 1) / s->p;
    for (int place = 0; place < s->p - 1; place++) {
        const int n_rows = s->pivots.start[place + 1] - s->pivots.start[place];
        if (n_rows != shortest && n_rows != longest)
            return false;
    }
    return true;
}

static void equalize_runs(struct spread *s)
{
    if (s->p <= 2 || runs_are_even(s))
        return;
    s->is_even = true;
    for (int place = 0; place < s->p; place++) {
        struct source source = {
            .from = place, .first = s->pivots.start[place], .end = s->pivots.start[place + 1]};
        if (source.first == source.end)
            continue;
        source.goes_left = true;
        if (source.first < even_start(s, place))
            spread_from(s, &source);
        source.goes_left = false;
        if (even_start(s, place + 1) < source.end)
            spread_from(s, &source);
    }
}

/* --- around ----------------------------------------------------------------- */

static int run_length(const struct spread *s, int place)
{
    return run_start(s, place + 1) - run_start(s, place);
}

static void roll_runs(const struct spread *s)
{
    for (int step = 0; step < s->p - 1; step++) {
        const struct hpl_roll roll = hpl_roll_step(s->place, s->p, step);
        hpl_exchange_with(s->process, rank_of(s, roll.peer), rows_B(s, run_length(s, roll.send)),
                          rows_B(s, run_length(s, roll.receive)));
        hpl_broadcast_poll(s->plan, s->process);
    }
}

/* --- copies ----------------------------------------------------------------- */

/* Pivot rows of this process, under the diagonal block. */
static double n_own_rows(const struct spread *s)
{
    const int distance = s->piece->panel.distance;
    return s->pivots.before[distance + 1] - s->pivots.before[distance];
}

/* The current row fills U with rows of the diagonal block, and with its own pivot rows, to whose
 * place it moves the others of the block. */
static void fill_u(const struct spread *s)
{
    const double n_columns = (double)s->piece->n_columns;
    const double n_own = n_own_rows(s);
    const double own_B = n_own * 2.0 * HPL_SCATTERED_B;
    const double block_B = (s->piece->panel.width - n_own) * HPL_COPIED_B;
    if (s->piece->panel.distance == 0)
        hpl_compute_memory(s->process, 0.0, n_columns * (own_B + block_B));
}

static void exchange_own_rows(const struct spread *s)
{
    if (s->piece->panel.distance != 0)
        hpl_compute_memory(s->process, 0.0,
                           n_own_rows(s) * (double)s->piece->n_columns * 2.0 * HPL_SCATTERED_B);
}

/* U's rows came in the order of the places: swap them into the panel's. */
static void permute_u(const struct spread *s)
{
    hpl_compute_memory(s->process, 0.0,
                       (double)s->piece->panel.width * (double)s->piece->n_columns * 2.0 *
                           HPL_COPIED_B);
}

void hpl_spread_and_roll(const struct hpl_plan *plan, const struct hpl_process *process,
                         const struct hpl_piece *piece)
{
    struct spread s = {.plan = plan,
                       .process = process,
                       .piece = piece,
                       .pivots = hpl_pivots_of(plan, piece->panel.index),
                       .p = plan->spec.p};
    const struct source current = {.from = 0};

    s.place = s.pivots.place[piece->panel.distance];
    fill_u(&s);
    spread_from(&s, &current);
    exchange_own_rows(&s);
    if (plan->spec.equilibration)
        equalize_runs(&s);
    roll_runs(&s);
    permute_u(&s);
}
