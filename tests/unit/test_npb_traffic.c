/*
 * The simulated NPB programs send what the real ones send, rank by rank, and count the operations
 * that the real ones print.
 */
#include "npb_traffic.h"

#include "sim/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FACTS VHPCSIM_SOURCE_DIR "/tests/validation/npb-traffic/"

enum { MAX_LINE = 512, MAX_RUN = 64 * MAX_LINE };

static FILE *open_facts(const char *path)
{
    FILE *facts = fopen(path, "r");
    if (!facts)
        fail_msg("no facts in %s", path);
    return facts;
}

/* Fails where the simulated run prints anything else than `lines`. */
static void check_run(const struct npb_traffic_run *run, const char *lines)
{
    char *ours = NULL;
    size_t length;
    FILE *out = open_memstream(&ours, &length);

    assert_non_null(out);
    assert_true(run->kernel->runs_on(run->class, run->n_ranks));
    const int status = npb_traffic_print(run, out);
    fclose(out);
    if (status < 0)
        fail_msg("%s.%s on %d ranks: %d", run->kernel->name, npb_class_names[run->class],
                 run->n_ranks, status);
    assert_string_equal(ours, lines);
    free(ours);
}

/* Reads the lines of one run, each of which names it, and the line after, which `line` holds from
 * then on: "" at the end. */
static void read_run(FILE *facts, char line[MAX_LINE], char lines[MAX_RUN])
{
    char kernel[8], class[2], next_kernel[8], next_class[2];
    int n_ranks, next_n_ranks;

    assert_int_equal(sscanf(line, "%7s %1s %d", kernel, class, &n_ranks), 3);
    lines[0] = '\0';
    do {
        assert_true(strlen(lines) + strlen(line) < MAX_RUN);
        strcat(lines, line);
        if (!fgets(line, MAX_LINE, facts))
            line[0] = '\0';
    } while (sscanf(line, "%7s %1s %d", next_kernel, next_class, &next_n_ranks) == 3 &&
             strcmp(kernel, next_kernel) == 0 && strcmp(class, next_class) == 0 &&
             n_ranks == next_n_ranks);
}

static void check_kernel(const char *name)
{
    FILE *facts = open_facts(FACTS "facts");
    char line[MAX_LINE], kernel[8], class[2];
    static char lines[MAX_RUN];
    struct npb_traffic_run run;
    int n_ranks, n_runs = 0;

    assert_non_null(fgets(line, sizeof line, facts));
    while (sscanf(line, "%7s %1s %d", kernel, class, &n_ranks) == 3) {
        read_run(facts, line, lines);
        if (strcmp(kernel, name) != 0)
            continue;
        assert_true(npb_traffic_run_of(kernel, class, n_ranks, &run));
        check_run(&run, lines);
        n_runs++;
    }
    assert_true(feof(facts));
    assert_true(n_runs >= 8);
    fclose(facts);
}

#define KERNEL_TEST(kernel)                                                                        \
    static void ranks_of_##kernel##_send_what_the_real_ones_send(void **state)                     \
    {                                                                                              \
        (void)state;                                                                               \
        check_kernel(#kernel);                                                                     \
    }
KERNEL_TEST(ep)
KERNEL_TEST(is)
KERNEL_TEST(ft)
KERNEL_TEST(cg)
KERNEL_TEST(mg)
KERNEL_TEST(lu)
KERNEL_TEST(bt)
KERNEL_TEST(sp)

/* The real ones print two digits after the point. */
static void operations_are_those_that_the_real_programs_print(void **state)
{
    FILE *facts = open_facts(FACTS "mop.facts");
    char kernel[8], class[2], printed[32], ours[32];
    struct npb_traffic_run run;
    int n = 0;
    (void)state;

    for (; fscanf(facts, "%7s %1s %31s", kernel, class, printed) == 3; n++) {
        assert_true(npb_traffic_run_of(kernel, class, 1, &run));
        const struct npb_case problem = npb_case_of(run.kernel, run.class, 0);
        snprintf(ours, sizeof ours, "%.2f", run.kernel->mop(&problem));
        if (strcmp(ours, printed) != 0)
            fail_msg("%s.%s: %s Mop, the real program prints %s", kernel, class, ours, printed);
    }
    assert_int_equal(n, 7 * N_NPB_CLASSES + NPB_E + 1); /* no class F of IS */
    fclose(facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_of_ep_send_what_the_real_ones_send),
        cmocka_unit_test(ranks_of_is_send_what_the_real_ones_send),
        cmocka_unit_test(ranks_of_ft_send_what_the_real_ones_send),
        cmocka_unit_test(ranks_of_cg_send_what_the_real_ones_send),
        cmocka_unit_test(ranks_of_mg_send_what_the_real_ones_send),
        cmocka_unit_test(ranks_of_lu_send_what_the_real_ones_send),
        cmocka_unit_test(ranks_of_bt_send_what_the_real_ones_send),
        cmocka_unit_test(ranks_of_sp_send_what_the_real_ones_send),
        cmocka_unit_test(operations_are_those_that_the_real_programs_print),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
