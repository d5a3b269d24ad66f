/*
 * Non-negative least squares, against trying every set of unknowns that may be zero.
 */
#include "calibration/fit/nnls.h"
#include "models/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <gsl/gsl_multifit.h>
#include <gsl/gsl_test.h>
#include <math.h>

enum { EQUATIONS = 9, UNKNOWNS = 5 };

static struct nnls problem_of(const double matrix[], const double right[])
{
    return (struct nnls){EQUATIONS, UNKNOWNS, matrix, right, NULL};
}

/* Least squares in the unknowns whose bit is set; INFINITY where one of them is negative. */
static double residual_with(const struct nnls *problem, unsigned bits, double x[])
{
    size_t n = 0, original[UNKNOWNS] = {0};
    for (size_t j = 0; j < UNKNOWNS; j++) {
        x[j] = 0.0;
        if (bits >> j & 1u)
            original[n++] = j;
    }
    gsl_matrix *matrix = gsl_matrix_alloc(EQUATIONS, n > 0 ? n : 1);
    gsl_vector *right = gsl_vector_alloc(EQUATIONS), *c = gsl_vector_alloc(n > 0 ? n : 1);
    gsl_matrix *covariance = gsl_matrix_alloc(n > 0 ? n : 1, n > 0 ? n : 1);
    double square = 0.0;
    for (size_t i = 0; i < EQUATIONS; i++) {
        const double weight = problem->weight != NULL ? problem->weight[i] : 1.0;
        gsl_vector_set(right, i, weight * problem->right[i]);
        square += pow(weight * problem->right[i], 2.0);
        for (size_t j = 0; j < n; j++)
            gsl_matrix_set(matrix, i, j, weight * problem->matrix[i * UNKNOWNS + original[j]]);
    }
    if (n > 0) {
        gsl_multifit_linear_workspace *work = gsl_multifit_linear_alloc(EQUATIONS, n);
        gsl_multifit_linear(matrix, right, c, covariance, &square, work);
        gsl_multifit_linear_free(work);
    }
    for (size_t j = 0; j < n; j++) {
        x[original[j]] = gsl_vector_get(c, j);
        if (x[original[j]] < 0.0)
            square = INFINITY;
    }
    gsl_matrix_free(matrix);
    gsl_matrix_free(covariance);
    gsl_vector_free(right);
    gsl_vector_free(c);
    return sqrt(square);
}

/* The best of all sets of unknowns. */
static double oracle(const struct nnls *problem, double best_x[])
{
    double best = INFINITY, x[UNKNOWNS];
    for (unsigned bits = 0; bits < 1u << UNKNOWNS; bits++) {
        const double residual = residual_with(problem, bits, x);
        for (size_t j = 0; j < UNKNOWNS && residual < best; j++)
            best_x[j] = x[j];
        best = fmin(best, residual);
    }
    return best;
}

static void finds_what_trying_every_set_of_zeros_finds(void **state)
{
    (void)state;
    int n_bound = 0;
    for (int trial = 0; trial < 500; trial++) {
        struct random_stream stream = random_stream_for(17, "nnls", (uint64_t)trial);
        double matrix[EQUATIONS * UNKNOWNS], right[EQUATIONS], weight[EQUATIONS], x[UNKNOWNS];
        for (int i = 0; i < EQUATIONS * UNKNOWNS; i++)
            matrix[i] = random_normal(&stream) + 0.5;
        for (int i = 0; i < EQUATIONS; i++) {
            right[i] = random_normal(&stream);
            weight[i] = 0.2 + random_uniform(&stream);
        }
        struct nnls problem = problem_of(matrix, right);
        problem.weight = trial % 2 == 0 ? weight : NULL;
        struct nnls_solution solution;
        assert_int_equal(nnls(&problem, &solution), 0);
        gsl_test_rel(solution.residual, oracle(&problem, x), 1e-12, "residual of trial %d", trial);
        for (int j = 0; j < UNKNOWNS; j++) {
            gsl_test_abs(solution.x[j], x[j], 1e-9, "unknown %d of trial %d", j, trial);
            assert_true(solution.x[j] >= 0.0);
            assert_int_equal(solution.is_bound[j], solution.x[j] == 0.0);
            n_bound += solution.is_bound[j];
        }
    }
    assert_true(n_bound > 500 && n_bound < 2000);
    assert_int_equal(gsl_test_summary(), 0);
}

/* 2 x + 3 y = 8, x + y = 3 at (1, 2) exactly; and with -x for x, where y alone must do:
 * minimum of (3 y - 8)^2 + (y - 3)^2 at y = 27 / 10, residual sqrt(0.1^2 + 0.3^2). */
static void solves_a_problem_of_two_by_hand(void **state)
{
    (void)state;
    const double right[] = {8.0, 3.0}, matrix[] = {2.0, 3.0, 1.0, 1.0};
    const double negated[] = {-2.0, 3.0, -1.0, 1.0};
    struct nnls problem = {2, 2, matrix, right, NULL};
    struct nnls_solution solution;

    assert_int_equal(nnls(&problem, &solution), 0);
    gsl_test_rel(solution.x[0], 1.0, 1e-12, "x");
    gsl_test_rel(solution.x[1], 2.0, 1e-12, "y");
    assert_false(solution.is_bound[0] || solution.is_bound[1]);

    problem.matrix = negated;
    assert_int_equal(nnls(&problem, &solution), 0);
    assert_true(solution.is_bound[0] && solution.x[0] == 0.0);
    gsl_test_rel(solution.x[1], 2.7, 1e-12, "y alone");
    gsl_test_rel(solution.residual, sqrt(0.1), 1e-12, "residual");
    assert_int_equal(gsl_test_summary(), 0);
}

/* Unknowns of 1e-13 and 1e-5, as a time per element and one per call are. */
static void finds_unknowns_of_very_different_size(void **state)
{
    (void)state;
    double matrix[8 * 2], right[8], weight[8];
    for (int i = 0; i < 8; i++) {
        const double size = pow(10.0, i);
        matrix[2 * i] = 1.0;
        matrix[2 * i + 1] = size * size;
        right[i] = 3.71e-5 + 2.385e-13 * size * size;
        weight[i] = 1.0 / right[i];
    }
    const struct nnls problem = {8, 2, matrix, right, weight};
    struct nnls_solution solution;
    assert_int_equal(nnls(&problem, &solution), 0);
    gsl_test_rel(solution.x[0], 3.71e-5, 1e-9, "per call");
    gsl_test_rel(solution.x[1], 2.385e-13, 1e-9, "per element");
    assert_int_equal(gsl_test_summary(), 0);
}

static void leaves_out_equations_without_weight(void **state)
{
    (void)state;
    const double matrix[] = {1.0, 1.0, 1.0}, right[] = {2.5, 900.0, 3.5};
    const double weight[] = {1.0, 0.0, 1.0};
    const struct nnls problem = {3, 1, matrix, right, weight};
    struct nnls_solution solution;
    assert_int_equal(nnls(&problem, &solution), 0);
    gsl_test_rel(solution.x[0], 3.0, 1e-12, "mean of the others");
    assert_int_equal(gsl_test_summary(), 0);
}

static void binds_everything_where_the_right_side_is_negative(void **state)
{
    (void)state;
    const double matrix[] = {1.0, 0.5, 0.25, 2.0, 1.0, 3.0}, right[] = {-1.0, -2.0, -3.0};
    const struct nnls problem = {3, 2, matrix, right, NULL};
    struct nnls_solution solution;
    assert_int_equal(nnls(&problem, &solution), 0);
    assert_true(solution.is_bound[0] && solution.is_bound[1]);
    gsl_test_rel(solution.residual, sqrt(14.0), 1e-12, "all of the right side is left");
    assert_int_equal(gsl_test_summary(), 0);
}

static void refuses_what_does_not_determine_its_unknowns(void **state)
{
    (void)state;
    struct nnls_solution solution = {.residual = 7.25};
    const double same[] = {1.0, 2.0, 2.0, 4.0, 3.0, 6.0}, zero[] = {1.0, 0.0, 2.0, 0.0, 3.0, 0.0};
    const double good[] = {1.0, 2.0, 2.0, 3.0, 3.0, 7.0}, right[] = {1.0, 2.0, 3.0};
    const double one[] = {1.0, 0.0, 0.0}, negative[] = {1.0, -1.0, 1.0};
    const double not_finite[] = {1.0, NAN, 3.0};
    const struct {
        struct nnls problem;
        int error;
    } cases[] = {
        {{3, 2, same, right, NULL}, -EDOM},
        {{3, 2, zero, right, NULL}, -EDOM},
        {{1, 2, good, right, NULL}, -EDOM},
        {{0, 2, good, right, NULL}, -EDOM},
        {{3, 2, good, right, one}, -EDOM},
        {{3, 2, good, right, negative}, -EINVAL},
        {{3, 2, good, not_finite, NULL}, -EINVAL},
        {{3, 2, good, right, not_finite}, -EINVAL},
        {{1, 3, not_finite, right, NULL}, -EINVAL},
        {{3, 0, good, right, NULL}, -EINVAL},
        {{3, NNLS_UNKNOWNS + 1, good, right, NULL}, -EINVAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(nnls(&cases[i].problem, &solution), cases[i].error);
    assert_true(solution.residual == 7.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_trying_every_set_of_zeros_finds),
        cmocka_unit_test(solves_a_problem_of_two_by_hand),
        cmocka_unit_test(finds_unknowns_of_very_different_size),
        cmocka_unit_test(leaves_out_equations_without_weight),
        cmocka_unit_test(binds_everything_where_the_right_side_is_negative),
        cmocka_unit_test(refuses_what_does_not_determine_its_unknowns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
