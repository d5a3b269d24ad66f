/*
 * The counts of NPB's loop nests against the operation counts that NPB 3.3.1 prints ("Mop/s total"
 * times seconds, from the ends of its main programs), in every class.
 */
#include "sim/workload/npb/npb_region.h"
#include "sim/workload/npb/npb_size.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const names[] = {"ep", "is", "ft", "cg", "mg", "bt", "sp", "lu"};
enum { N_KERNELS = sizeof names / sizeof names[0] };

struct counted {
    struct npb_region regions[NPB_MAX_REGIONS];
    int n;
};

static struct counted count(const char *name, enum npb_class class)
{
    const struct npb_kernel kernel = {.name = name};
    struct counted counted;

    counted.n = npb_regions(&kernel, class, counted.regions);
    return counted;
}

/* Classes that the kernel has. */
static int n_classes(const char *name)
{
    return strcmp(name, "is") == 0 ? NPB_F : N_NPB_CLASSES;
}

/* --- NPB's own formulas; cubes are n x n x n ------------------------------------------------ */

static double ft_flops(enum npb_class class, double n_iterations)
{
    const struct npb_ft_size size = npb_ft_size(class);
    const double n = (double)size.nx * size.ny * size.nz;
    return n * (14.8157 + 7.19641 * log(n) + (5.23518 + 7.21113 * log(n)) * n_iterations);
}

static double cg_flops(enum npb_class class, double n_iterations)
{
    const struct npb_cg_size size = npb_cg_size(class);
    const double per_row = (double)size.nonzer * (size.nonzer + 1);
    return 2 * n_iterations * size.n_rows * (3 + per_row + 25 * (5 + per_row) + 3);
}

static double mg_flops(enum npb_class class, double n_iterations)
{
    return 58 * n_iterations * ldexp(1.0, 3 * npb_mg_levels(class));
}

static double bt_flops(enum npb_class class, double n_iterations)
{
    const double n = npb_bt_edge(class);
    return n_iterations * (3478.8 * n * n * n - 17655.7 * n * n + 28023.7 * n);
}

static double sp_flops(enum npb_class class, double n_iterations)
{
    const double n = npb_sp_edge(class);
    return n_iterations * (881.174 * n * n * n - 4683.91 * n * n + 11484.5 * n - 19272.4);
}

static double lu_flops(enum npb_class class, double n_iterations)
{
    const double n = npb_lu_edge(class);
    return n_iterations * (1984.77 * n * n * n - 10923.3 * n * n + 27770.9 * n - 144010.);
}

static const struct {
    const char *kernel;
    double (*flops)(enum npb_class class, double n_iterations);
    int n_iterations; /* of class S, the fewest */
    double tolerance; /* as npb_region.h promises */
} formulas[] = {
    {"ft", ft_flops, 6, 0.02},  {"cg", cg_flops, 15, 0.02},  {"mg", mg_flops, 4, 0.08},
    {"bt", bt_flops, 60, 0.02}, {"sp", sp_flops, 100, 0.12}, {"lu", lu_flops, 50, 0.15},
};

static void flops_of_all_regions_are_near_those_that_npb_prints(void **state)
{
    (void)state;
    for (size_t f = 0; f < sizeof formulas / sizeof formulas[0]; f++) {
        for (int class = 0; class < N_NPB_CLASSES; class ++) {
            const struct counted counted = count(formulas[f].kernel, (enum npb_class) class);
            double flops = 0.0;
            for (int i = 0; i < counted.n; i++) {
                const struct npb_region *region = &counted.regions[i];
                flops += region->flops *
                         (region->n_once + (double)region->n_passes * formulas[f].n_iterations);
            }
            const double expected =
                formulas[f].flops((enum npb_class) class, formulas[f].n_iterations);
            if (fabs(flops / expected - 1) > formulas[f].tolerance)
                fail_msg("%s, class %d: %g flops, NPB prints %g: %+.1f %%", formulas[f].kernel,
                         class, flops, expected, 100 * (flops / expected - 1));
        }
    }
}

static void every_region_has_a_name_of_its_own_and_finite_counts(void **state)
{
    (void)state;
    for (int k = 0; k < N_KERNELS; k++) {
        for (int class = 0; class < n_classes(names[k]); class ++) {
            const struct counted counted = count(names[k], (enum npb_class) class);
            assert_in_range(counted.n, 1, NPB_MAX_REGIONS);
            for (int i = 0; i < counted.n; i++) {
                const struct npb_region *region = &counted.regions[i];
                assert_ptr_equal(npb_region_find(counted.n, counted.regions, region->name), region);
                assert_true(isfinite(region->flops) && region->flops >= 0);
                assert_true(isfinite(region->bytes) && region->bytes >= 0);
                assert_true(region->flops + region->bytes > 0);
                assert_true(region->n_slices >= 1);
            }
        }
    }
}

/* A class up has at least as much to do in every region; B of MG is A with more iterations. */
static void a_larger_class_never_computes_less(void **state)
{
    (void)state;
    for (int k = 0; k < N_KERNELS; k++) {
        for (int class = 1; class < n_classes(names[k]); class ++) {
            const struct counted small = count(names[k], (enum npb_class)(class - 1));
            const struct counted large = count(names[k], (enum npb_class) class);
            for (int i = 0; i < small.n; i++) {
                const struct npb_region *a = &small.regions[i];
                if (strncmp(a->name, "norm2u3", strlen("norm2u3")) == 0)
                    continue; /* of the finest level alone */
                const struct npb_region *b = npb_region_find(large.n, large.regions, a->name);
                assert_true(b->flops >= a->flops && b->bytes >= a->bytes);
            }
        }
    }
}

static void shares_of_a_region_add_up_to_it(void **state)
{
    (void)state;
    const struct counted counted = count("bt", NPB_W);
    const struct npb_region *region = npb_region_find(counted.n, counted.regions, "y_solve");
    const struct work one = npb_region_work(region, 0.3);
    const struct work rest = npb_region_work(region, 0.7);

    assert_true(fabs(one.flops + rest.flops - region->flops) < 1e-9 * region->flops);
    assert_true(fabs(one.bytes + rest.bytes - region->bytes) < 1e-9 * region->bytes);
    assert_int_equal(one.class, region->class);
    assert_true(fabs(one.reused_B - 0.3 * region->resident_B) < 1e-9 * region->resident_B);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flops_of_all_regions_are_near_those_that_npb_prints),
        cmocka_unit_test(every_region_has_a_name_of_its_own_and_finite_counts),
        cmocka_unit_test(a_larger_class_never_computes_less),
        cmocka_unit_test(shares_of_a_region_add_up_to_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
