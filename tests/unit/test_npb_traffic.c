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

static bool is_same_run(const struct npb_traffic_run *a, const struct npb_traffic_run *b)
{
    return a->kernel == b->kernel && a->class == b->class && a->n_ranks == b->n_ranks;
}

/* Sets `lines` to those of the run that `line` begins; `line` is then the one after, "" at the
 * end. */
static void read_run(FILE *facts, const struct npb_traffic_run *run, char line[MAX_LINE],
                     char lines[MAX_RUN])
{
    struct npb_traffic_run next;
    size_t length = 0;

    do {
        length += (size_t)snprintf(lines + length, MAX_RUN - length, "%s", line);
        assert_true(length < MAX_RUN);
        if (!fgets(line, MAX_LINE, facts))
            line[0] = '\0';
    } while (npb_traffic_run_of(line, &next) && is_same_run(run, &next));
}

static void check_kernel(const struct npb_kernel *kernel)
{
    FILE *facts = open_facts(FACTS "facts");
    static char lines[MAX_RUN];
    char line[MAX_LINE];
    struct npb_traffic_run run;
    int n_runs = 0;

    assert_non_null(fgets(line, sizeof line, facts));
    while (npb_traffic_run_of(line, &run)) {
        read_run(facts, &run, line, lines);
        if (run.kernel != kernel)
            continue;
        check_run(&run, lines);
        n_runs++;
    }
    assert_true(feof(facts));
    assert_true(n_runs >= 9); /* three classes on three numbers of ranks at least */
    fclose(facts);
}

#define KERNEL_TEST(kernel)                                                                        \
    static void ranks_of_##kernel##_send_what_the_real_ones_send(void **state)                     \
    {                                                                                              \
        (void)state;                                                                               \
        check_kernel(&npb_##kernel);                                                               \
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
    char kernel[8], class[8], printed[32], run_name[32], ours[32];
    struct npb_traffic_run run;
    int n = 0;
    (void)state;

    for (; fscanf(facts, "%7s %7s %31s", kernel, class, printed) == 3; n++) {
        snprintf(run_name, sizeof run_name, "%s %s 1", kernel, class);
        assert_true(npb_traffic_run_of(run_name, &run));
        const struct npb_case problem = npb_case_of(run.kernel, (int)run.class, 0);
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
