/*
 * hpl_factor.c - panel factorization: the processes of one column factor a panel together.
 *
 * Blocks are cut in NDIV parts (RFACT says in which order the parts are updated) down to NBMIN
 * columns, which are factored one by one (PFACT). For each column the processes exchange
 * candidates for the pivot by halves, each with its whole row of the panel, so that the exchange
 * finds the largest and swaps the rows in one. The triangle above the diagonal is updated by every
 * process on its own.
 *
 * BLAS 1 and 2 count their bytes as if nothing stayed in the cache.
 */
#include "hpl_exchange.h"
#include "hpl_parts.h"

struct transfer {
    int peer_rank;
    uint64_t send_B, receive_B;
};

/* One panel's factorization by one process. */
struct factor {
    const struct hpl_plan *plan;
    const struct hpl_process *process;
    struct hpl_panel panel;
    bool has_diagonal;
    int n_transfers; /* of a column's exchange: the same for all columns of the panel */
    struct transfer transfers[HPL_MAX_STEPS];
    double flops, bytes; /* BLAS 1 and 2 since the last message */
};

/* A candidate is 4 numbers (value, two indices, process) and its row; the offer is the current row,
 * which goes with the offerer's candidate where there is one. */
static uint64_t cargo_B(const struct hpl_step *step, enum hpl_cargo cargo, int width)
{
    const uint64_t row_B = (uint64_t)width * MPI_DOUBLE_B;
    const uint64_t candidate_B = ((uint64_t)width + 4) * MPI_DOUBLE_B;

    switch (cargo) {
    case HPL_NOTHING:
        return 0;
    case HPL_ANSWER:
        return candidate_B;
    case HPL_OFFER:
        break;
    }
    switch (step->stage) {
    case HPL_HALVES:
        return candidate_B + row_B;
    case HPL_UNFOLD:
        return candidate_B;
    case HPL_FOLD:
    case HPL_SPREAD:
        break;
    }
    return row_B;
}

static void prepare_exchange(struct factor *f)
{
    struct hpl_step steps[HPL_MAX_STEPS];
    f->n_transfers = hpl_exchange_steps(f->panel.distance, f->plan->spec.p, steps);

    for (int i = 0; i < f->n_transfers; i++)
        f->transfers[i] = (struct transfer){
            .peer_rank = hpl_at_distance(f->plan, f->process, &f->panel, steps[i].peer),
            .send_B = cargo_B(&steps[i], steps[i].send, f->panel.width),
            .receive_B = cargo_B(&steps[i], steps[i].receive, f->panel.width)};
}

static void add_vector_work(struct factor *f, double flops, double bytes)
{
    f->flops += flops;
    f->bytes += bytes;
}

static void do_vector_work(struct factor *f)
{
    hpl_compute_memory(f->process, f->flops, f->bytes);
    f->flops = f->bytes = 0.0;
}

/* Rows are read and written across columns: each element in a cache line of its own. */
static void exchange_pivot(struct factor *f)
{
    const double width = f->panel.width;

    add_vector_work(f, 0.0, width * HPL_SCATTERED_B);
    do_vector_work(f);
    for (int i = 0; i < f->n_transfers; i++)
        hpl_exchange_with(f->process, f->transfers[i].peer_rank, f->transfers[i].send_B,
                          f->transfers[i].receive_B);
    add_vector_work(f, 0.0, width * (f->has_diagonal ? 2 * HPL_SCATTERED_B : HPL_COPIED_B));
}

/* --- BLAS 1 and 2 on `m` rows of the panel --------------------------------- */

static void find_largest(struct factor *f, double m)
{
    add_vector_work(f, 0.0, m * MPI_DOUBLE_B);
}

static void scale_column(struct factor *f, double m)
{
    add_vector_work(f, m, 2.0 * m * MPI_DOUBLE_B);
}

/* y += A x with A(m x n): reads A, updates y. */
static void multiply_vector(struct factor *f, double m, double n)
{
    add_vector_work(f, 2.0 * m * n, (m * n + 2.0 * m) * MPI_DOUBLE_B);
}

/* A(m x n) += x y': updates A, reads x. */
static void update_rank_one(struct factor *f, double m, double n)
{
    add_vector_work(f, 2.0 * m * n, (2.0 * m * n + m) * MPI_DOUBLE_B);
}

/* After column `done` of a block: what the next one needs, `left` columns being left. */
static void update_columns(struct factor *f, double m, int done, int left)
{
    switch ((enum hpl_looking)f->plan->spec.pfact) {
    case HPL_LEFT:
        add_vector_work(f, (done + 1.0) * done, 0.5 * (done + 1.0) * (done + 1.0) * MPI_DOUBLE_B);
        multiply_vector(f, m, done + 1.0);
        break;
    case HPL_CROUT:
        multiply_vector(f, left, done);
        multiply_vector(f, m, done + 1.0);
        break;
    case HPL_RIGHT:
        update_rank_one(f, m, left);
        break;
    }
}

/* The innermost block: `width` columns, `m` local rows from its diagonal down. */
static void factor_columns(struct factor *f, long m, int width)
{
    find_largest(f, (double)m);
    for (int done = 0; done < width; done++) {
        const int left = width - done - 1;
        exchange_pivot(f);
        if (f->has_diagonal)
            m--;
        scale_column(f, (double)m);
        if (left > 0) {
            update_columns(f, (double)m, done, left);
            find_largest(f, (double)m);
        }
    }
}

/* --- the recursion -------------------------------------------------------- */

/* Before part `part` (columns `done`..`done + width`) of a block is factored: what the parts left
 * of it do to it. */
static void look_left(struct factor *f, long m, int done, int width)
{
    const enum hpl_looking rfact = (enum hpl_looking)f->plan->spec.rfact;
    if (rfact == HPL_LEFT)
        hpl_compute_dtrsm(f->process, done, width);
    if (rfact != HPL_RIGHT)
        hpl_compute_dgemm(f->process, (double)m, width, done);
}

/* After it: what it does to the `left` columns right of it. */
static void look_right(struct factor *f, long m, int done, int width, int left)
{
    const enum hpl_looking rfact = (enum hpl_looking)f->plan->spec.rfact;
    if (rfact == HPL_CROUT)
        hpl_compute_dgemm(f->process, left, width, done);
    if (rfact != HPL_LEFT)
        hpl_compute_dtrsm(f->process, width, left);
    if (rfact == HPL_RIGHT)
        hpl_compute_dgemm(f->process, (double)m, left, width);
}

/* `offset`: columns of the panel left of the block. */
static void factor_block(struct factor *f, long m, int width, int offset)
{
    const struct hpl_spec *spec = &f->plan->spec;
    if (width <= spec->nbmin) {
        factor_columns(f, m, width);
        return;
    }
    const int n_smallest = (width + spec->nbmin - 1) / spec->nbmin;
    const int part = (n_smallest + spec->ndiv - 1) / spec->ndiv * spec->nbmin;

    for (int done = 0; done < width; done += part) {
        const int now = width - done < part ? width - done : part;
        look_left(f, m, done, now);
        factor_block(f, m, now, offset + done);
        if (f->has_diagonal) {
            m -= now;
            add_vector_work(f, 0.0, (double)(offset + done) * now * HPL_COPIED_B);
        }
        look_right(f, m, done, now, width - done - now);
    }
}

void hpl_factor_panel(const struct hpl_plan *plan, const struct hpl_process *process, long index)
{
    struct factor f = {
        .plan = plan, .process = process, .panel = hpl_panel_of(plan, process, index)};
    f.has_diagonal = f.panel.distance == 0;
    prepare_exchange(&f);
    factor_block(&f, f.panel.n_below + (f.has_diagonal ? f.panel.width : 0), f.panel.width, 0);
    do_vector_work(&f);
}
