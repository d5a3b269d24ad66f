/*
 * hpl_solve.c - back substitution with the upper triangle: the solution, from its last block up.
 *
 * The right-hand side travels left from process column to process column. For each block the
 * process with the diagonal block solves it; the solution climbs its process column; with it the
 * column first updates the right-hand side's next Q - 1 blocks and sends them on, then
 * the others. In the end the first process column tells all its members the first block.
 */
#include "hpl_exchange.h"
#include "hpl_parts.h"

struct solve {
    const struct hpl_plan *plan;
    const struct hpl_process *process;
    int width;          /* of the block that was solved last */
    int row, col;       /* where it was solved */
    int next_col;       /* process column that has the block before it */
    long n_local;       /* of the unknowns above it, those of this process */
    long n_local_ahead; /* of those, rows whose update the next columns wait for */
};

static struct solve solve_after(const struct hpl_plan *plan, const struct hpl_process *process,
                                long panel_index)
{
    const struct hpl_spec *spec = &plan->spec;
    const struct hpl_panel panel = hpl_panel_of(plan, process, panel_index);
    const long ahead = spec->q > 1 ? (long)(spec->q - 1) * spec->nb : spec->nb;
    const long n_left = panel.first;
    const long first_ahead = n_left > ahead ? n_left - ahead : 0;
    return (struct solve){
        .plan = plan,
        .process = process,
        .width = panel.width,
        .row = panel.row,
        .col = panel.col,
        .next_col = (panel.col + spec->q - 1) % spec->q,
        .n_local = hpl_local_count(n_left, spec->nb, process->row, spec->p),
        .n_local_ahead = hpl_local_between(first_ahead, n_left, spec->nb, process->row, spec->p)};
}

static void send_to(const struct solve *s, int row, int col, long n_doubles)
{
    if (n_doubles > 0)
        rank_send(s->process->rank, s->process->world, hpl_rank_at(s->plan, row, col),
                  HPL_TAG_SOLVE, (uint64_t)n_doubles * MPI_DOUBLE_B);
}

static void receive_from(const struct solve *s, int row, int col, long n_doubles)
{
    if (n_doubles > 0)
        rank_recv(s->process->rank, s->process->world, hpl_rank_at(s->plan, row, col),
                  HPL_TAG_SOLVE, (uint64_t)n_doubles * MPI_DOUBLE_B, NULL);
}

/* y(m) -= A(m x n) x */
static void multiply_vector(const struct hpl_process *process, double m, double n)
{
    if (m > 0.0)
        hpl_compute_memory(process, 2.0 * m * n, (m * n + 2.0 * m) * MPI_DOUBLE_B);
}

static void solve_triangle(const struct hpl_process *process, double n)
{
    hpl_compute_memory(process, n * n, 0.5 * n * n * MPI_DOUBLE_B);
}

/* The right-hand side goes from the column that has it to the one that has the last block. */
static void start(const struct hpl_plan *plan, const struct hpl_process *process,
                  const struct solve *s)
{
    const struct hpl_spec *spec = &plan->spec;
    const int rhs_col = (int)(spec->n / spec->nb % spec->q);
    const long n_rows = hpl_local_count(spec->n, spec->nb, process->row, spec->p);

    if (rhs_col != s->col && process->col == rhs_col)
        send_to(s, process->row, s->col, n_rows);
    if (rhs_col != s->col && process->col == s->col)
        receive_from(s, process->row, rhs_col, n_rows);
}

/* In the column that solved: the solution climbs, the rows that are waited for go left. */
static void pass_solution(const struct solve *s)
{
    const int p = s->plan->spec.p, row = s->process->row;
    const int above = (row + p - 1) % p, below = (row + 1) % p;

    if (row != s->row)
        receive_from(s, below, s->col, s->width);
    else if (p > 1)
        send_to(s, above, s->col, s->width);
    multiply_vector(s->process, (double)s->n_local_ahead, s->width);
    if (s->next_col != s->col)
        send_to(s, row, s->next_col, s->n_local_ahead);
    if (row != s->row && row != (s->row + 1) % p)
        send_to(s, above, s->col, s->width);
}

static void take_updates(const struct solve *s)
{
    receive_from(s, s->process->row, s->col, s->n_local_ahead);
    const double m = (double)s->n_local_ahead;
    hpl_compute_memory(s->process, m, 3.0 * m * MPI_DOUBLE_B);
}

static void advance(const struct solve *s, const struct hpl_panel *next)
{
    const struct hpl_process *process = s->process;

    if (process->col == s->col)
        pass_solution(s);
    else if (process->col == next->col)
        take_updates(s);
    if (next->is_owned && next->distance == 0)
        solve_triangle(process, next->width);
    if (process->col == s->col)
        multiply_vector(process, (double)(s->n_local - s->n_local_ahead), s->width);
}

/* The first block, from the row that solved it to its whole process column. */
static void tell_column(const struct hpl_plan *plan, const struct hpl_process *process,
                        const struct hpl_panel *panel)
{
    const int size = plan->spec.p;
    const struct solve s = {.plan = plan, .process = process};
    if (!panel->is_owned || size == 1)
        return;
    for (int span = hpl_power_of_two(size - 1); span > 0; span /= 2) {
        const int peer = panel->distance ^ span;
        if (panel->distance % span != 0 || peer >= size)
            continue;
        const int peer_row = (panel->row + peer) % size;
        if ((panel->distance & span) != 0)
            receive_from(&s, peer_row, panel->col, panel->width);
        else
            send_to(&s, peer_row, panel->col, panel->width);
    }
}

void hpl_solve_block(const struct hpl_plan *plan, const struct hpl_process *process, long block)
{
    const long index = plan->n_panels - 1 - block;
    const struct hpl_panel panel = hpl_panel_of(plan, process, index);

    if (block == 0) {
        const struct solve s = solve_after(plan, process, index);
        start(plan, process, &s);
        if (panel.is_owned && panel.distance == 0)
            solve_triangle(process, panel.width);
    } else {
        const struct solve s = solve_after(plan, process, index + 1);
        advance(&s, &panel);
    }
    if (index == 0)
        tell_column(plan, process, &panel);
}
