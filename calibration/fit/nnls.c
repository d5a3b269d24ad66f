#include "nnls.h"

#include <assert.h>
#include <errno.h>
#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

/* A column whose part across the others is smaller than this depends on them. */
static const double DEPENDENT = 1e-10;
/* A gradient smaller than this, of columns of length 1 and a right side of length 1, is rounding.
 */
static const double FLAT = 1e-12;
/* Each step shortens the residual, so none comes twice; rounding could still make them many. */
static const size_t STEPS = 10;

/* The same problem with as many equations as unknowns: columns of length 1, then rotated and
 * permuted so that they are a triangle. */
struct triangle {
    size_t n;
    double column[NNLS_UNKNOWNS][NNLS_UNKNOWNS]; /* column[j][i] is row i */
    double right[NNLS_UNKNOWNS];
    double right_norm;              /* of all equations */
    double beyond_norm;             /* residual that no unknown can change */
    double length[NNLS_UNKNOWNS];   /* of the original columns */
    size_t original[NNLS_UNKNOWNS]; /* which unknown a column of the triangle is */
};

static double weight_of(const struct nnls *problem, int equation)
{
    return problem->weight != NULL ? problem->weight[equation] : 1.0;
}

static bool is_valid(const struct nnls *problem)
{
    if (problem->n_unknowns < 1 || problem->n_unknowns > NNLS_UNKNOWNS || problem->n_equations < 0)
        return false;
    for (int i = 0; i < problem->n_equations; i++) {
        const double weight = weight_of(problem, i);
        if (!isfinite(problem->right[i]) || !isfinite(weight) || weight < 0.0)
            return false;
        for (int j = 0; j < problem->n_unknowns; j++) {
            if (!isfinite(problem->matrix[i * problem->n_unknowns + j]))
                return false;
        }
    }
    return true;
}

/* Fills the weighted equations; those of weight 0 are left out. */
static void weigh(const struct nnls *problem, gsl_matrix *matrix, gsl_vector *right)
{
    size_t row = 0;
    for (int i = 0; i < problem->n_equations; i++) {
        const double weight = weight_of(problem, i);
        if (weight == 0.0)
            continue;
        for (int j = 0; j < problem->n_unknowns; j++)
            gsl_matrix_set(matrix, row, (size_t)j,
                           weight * problem->matrix[i * problem->n_unknowns + j]);
        gsl_vector_set(right, row, weight * problem->right[i]);
        row++;
    }
}

/* Returns false where a column is zero. */
static bool scale_columns(gsl_matrix *matrix, double length[])
{
    for (size_t j = 0; j < matrix->size2; j++) {
        gsl_vector_view column = gsl_matrix_column(matrix, j);
        length[j] = gsl_blas_dnrm2(&column.vector);
        if (length[j] == 0.0)
            return false;
        gsl_vector_scale(&column.vector, 1.0 / length[j]);
    }
    return true;
}

/* Takes triangle and permutation out of a factorization; returns -EDOM where it has no full rank.
 */
static int take_triangle(const gsl_matrix *factors, const gsl_permutation *permutation,
                         const gsl_vector *rotated, struct triangle *triangle)
{
    const size_t n = factors->size2;
    memset(triangle->column, 0, sizeof triangle->column);
    triangle->n = n;
    for (size_t j = 0; j < n; j++) {
        if (fabs(gsl_matrix_get(factors, j, j)) < DEPENDENT)
            return -EDOM;
        for (size_t i = 0; i <= j; i++)
            triangle->column[j][i] = gsl_matrix_get(factors, i, j);
        triangle->right[j] = gsl_vector_get(rotated, j);
        triangle->original[j] = gsl_permutation_get(permutation, j);
    }
    triangle->beyond_norm = 0.0;
    if (rotated->size > n) {
        gsl_vector_const_view beyond = gsl_vector_const_subvector(rotated, n, rotated->size - n);
        triangle->beyond_norm = gsl_blas_dnrm2(&beyond.vector);
    }
    triangle->right_norm = gsl_blas_dnrm2(rotated);
    return 0;
}

static int reduce(const struct nnls *problem, struct triangle *triangle)
{
    const size_t n = (size_t)problem->n_unknowns;
    size_t m = 0;
    for (int i = 0; i < problem->n_equations; i++)
        m += weight_of(problem, i) > 0.0;
    if (m < n)
        return -EDOM;

    gsl_matrix *matrix = gsl_matrix_alloc(m, n);
    gsl_vector *right = gsl_vector_alloc(m), *tau = gsl_vector_alloc(n),
               *norm = gsl_vector_alloc(n);
    gsl_permutation *permutation = gsl_permutation_alloc(n);
    int result = -ENOMEM;
    if (matrix != NULL && right != NULL && tau != NULL && norm != NULL && permutation != NULL) {
        weigh(problem, matrix, right);
        result = -EDOM;
        if (scale_columns(matrix, triangle->length)) {
            int sign;
            gsl_linalg_QRPT_decomp(matrix, tau, permutation, &sign, norm);
            gsl_linalg_QR_QTvec(matrix, tau, right);
            result = take_triangle(matrix, permutation, right, triangle);
        }
    }
    gsl_matrix_free(matrix);
    gsl_vector_free(right);
    gsl_vector_free(tau);
    gsl_vector_free(norm);
    gsl_permutation_free(permutation);
    return result;
}

static void residual_of(const struct triangle *triangle, const double y[], double residual[])
{
    for (size_t i = 0; i < triangle->n; i++) {
        residual[i] = triangle->right[i];
        for (size_t j = i; j < triangle->n; j++)
            residual[i] -= triangle->column[j][i] * y[j];
    }
}

/* Least squares in the free unknowns alone; the others of `z` are 0. */
static void solve_free(const struct triangle *triangle, const bool is_free[], double z[])
{
    double factors_at[NNLS_UNKNOWNS * NNLS_UNKNOWNS];
    double tau_at[NNLS_UNKNOWNS], x_at[NNLS_UNKNOWNS], right_at[NNLS_UNKNOWNS];
    double rest_at[NNLS_UNKNOWNS];
    size_t n_free = 0;
    for (size_t j = 0; j < triangle->n; j++)
        n_free += is_free[j];
    memset(z, 0, triangle->n * sizeof *z);
    if (n_free == 0)
        return;
    gsl_matrix_view factors = gsl_matrix_view_array(factors_at, triangle->n, n_free);
    for (size_t j = 0, column = 0; j < triangle->n; j++) {
        for (size_t i = 0; i < triangle->n && is_free[j]; i++)
            gsl_matrix_set(&factors.matrix, i, column, triangle->column[j][i]);
        column += is_free[j];
    }
    memcpy(right_at, triangle->right, sizeof right_at);
    gsl_vector_view tau = gsl_vector_view_array(tau_at, n_free);
    gsl_vector_view x = gsl_vector_view_array(x_at, n_free);
    gsl_vector_view right = gsl_vector_view_array(right_at, triangle->n);
    gsl_vector_view rest = gsl_vector_view_array(rest_at, triangle->n);
    gsl_linalg_QR_decomp(&factors.matrix, &tau.vector);
    gsl_linalg_QR_lssolve(&factors.matrix, &tau.vector, &right.vector, &x.vector, &rest.vector);
    for (size_t j = 0, column = 0; j < triangle->n; j++) {
        if (is_free[j])
            z[j] = x_at[column++];
    }
}

/* The bound unknown whose growth shortens the residual most; -1: none does. */
static int steepest(const struct triangle *triangle, const bool is_free[], const bool is_tried[],
                    const double y[])
{
    double residual[NNLS_UNKNOWNS];
    residual_of(triangle, y, residual);
    int best = -1;
    double best_gradient = FLAT * triangle->right_norm;
    for (size_t j = 0; j < triangle->n; j++) {
        double gradient = 0.0;
        for (size_t i = 0; i <= j; i++)
            gradient += triangle->column[j][i] * residual[i];
        if (!is_free[j] && !is_tried[j] && gradient > best_gradient) {
            best = (int)j;
            best_gradient = gradient;
        }
    }
    return best;
}

/* Goes from y towards z until the first unknown is 0, and binds all that are then. */
static void step_to_bound(size_t n, bool is_free[], double y[], const double z[])
{
    double way = 1.0;
    size_t first = n;
    for (size_t j = 0; j < n; j++) {
        if (is_free[j] && z[j] <= 0.0 && (first == n || y[j] / (y[j] - z[j]) < way)) {
            way = y[j] > 0.0 ? y[j] / (y[j] - z[j]) : 0.0;
            first = j;
        }
    }
    for (size_t j = 0; j < n; j++) {
        y[j] += is_free[j] ? way * (z[j] - y[j]) : 0.0;
        if (is_free[j] && (j == first || y[j] <= 0.0)) {
            y[j] = 0.0;
            is_free[j] = false;
        }
    }
}

static bool is_feasible(size_t n, const bool is_free[], const double z[])
{
    for (size_t j = 0; j < n; j++) {
        if (is_free[j] && z[j] <= 0.0)
            return false;
    }
    return true;
}

/* Frees unknown after unknown; each time binds again what would turn negative. */
static void find_active_set(const struct triangle *triangle, bool is_free[], double y[])
{
    bool is_tried[NNLS_UNKNOWNS] = {false};
    double z[NNLS_UNKNOWNS];
    for (size_t step = 0; step < STEPS * triangle->n; step++) {
        const int next = steepest(triangle, is_free, is_tried, y);
        if (next < 0)
            break;
        is_free[next] = true;
        solve_free(triangle, is_free, z);
        /* Its gradient said that it grows; by rounding alone it does not, and would be freed and
         * bound for ever. */
        if (z[next] <= 0.0) {
            is_free[next] = false;
            is_tried[next] = true;
            continue;
        }
        memset(is_tried, 0, sizeof is_tried);
        while (!is_feasible(triangle->n, is_free, z)) {
            step_to_bound(triangle->n, is_free, y, z);
            solve_free(triangle, is_free, z);
        }
        memcpy(y, z, triangle->n * sizeof *y);
    }
}

int nnls(const struct nnls *problem, struct nnls_solution *solution)
{
    if (!is_valid(problem))
        return -EINVAL;
    struct triangle triangle;
    const int error = reduce(problem, &triangle);
    if (error < 0)
        return error;

    bool is_free[NNLS_UNKNOWNS] = {false};
    double y[NNLS_UNKNOWNS] = {0.0}, residual[NNLS_UNKNOWNS];
    find_active_set(&triangle, is_free, y);

    *solution = (struct nnls_solution){.residual = 0.0};
    residual_of(&triangle, y, residual);
    double square = triangle.beyond_norm * triangle.beyond_norm;
    for (size_t j = 0; j < triangle.n; j++) {
        const size_t unknown = triangle.original[j];
        solution->x[unknown] = y[j] / triangle.length[unknown];
        solution->is_bound[unknown] = !is_free[j];
        square += residual[j] * residual[j];
    }
    solution->residual = sqrt(square);
    return 0;
}
