/*
 * HPL on each engine: the messages of the real one, with time, polling and rendezvous as they
 * come.
 */
#include "engine_run.h"
#include "hpl_facts.h"
#include "toy_cluster.h"

#include "sim/workload/hpl/hpl_parts.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void run_fact(const struct engine *engine, const struct hpl_fact *fact)
{
    const struct engine_options options = {.keep_traffic = true};
    const struct hpl_spec spec = hpl_fact_spec(fact);
    struct platform platform = toy_native(spec.p * spec.q, 1);
    struct program program;
    struct outcome outcome;
    char error[1024] = "";

    assert_int_equal(hpl_program_init(&program, &spec, hpl_fact_pivots(fact)), 0);
    if (engine_run(engine, &platform, &program, &options, &outcome, error, sizeof error) != 0)
        fail_msg("%s: %s", engine->name, error);
    for (int i = 0; i < spec.p * spec.q; i++)
        hpl_fact_check(fact, i, &outcome.traffic[i]);
    toy_check_sums(&platform, &outcome);
    outcome_release(&outcome);
    workload_hpl.program_free(&program);
    platform_release(&platform);
}

static void every_engine_carries_what_hpl_sends(void **state)
{
    (void)state;
    for (int e = 0; engines[e]; e++)
        for (int f = 0; f < n_hpl_facts; f++)
            run_fact(engines[e], &hpl_facts[f]);
}

/* On the default engine. */
static double elapsed_s(const struct hpl_spec *spec)
{
    const struct engine_options options = {.keep_traffic = false};
    struct platform platform = toy_native(spec->p * spec->q, 1);
    struct program program;
    struct outcome outcome;
    char error[1024] = "";

    assert_int_equal(hpl_program_init(&program, spec, NULL), 0);
    if (engine_run(engines[0], &platform, &program, &options, &outcome, error, sizeof error) != 0)
        fail_msg("%s", error);
    const double elapsed = outcome.elapsed_s;
    outcome_release(&outcome);
    workload_hpl.program_free(&program);
    platform_release(&platform);
    return elapsed;
}

/* While a panel travels its receivers compute: what look-ahead is for. */
static void look_ahead_hides_the_broadcast(void **state)
{
    (void)state;
    struct hpl_spec spec = {.n = 2000,
                            .nb = 50,
                            .p = 1,
                            .q = 4,
                            .pfact = HPL_RIGHT,
                            .nbmin = 4,
                            .ndiv = 2,
                            .rfact = HPL_CROUT,
                            .broadcast = HPL_1RING_MODIFIED};
    const double without_s = elapsed_s(&spec);
    spec.depth = 1;
    assert_true(elapsed_s(&spec) < without_s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_engine_carries_what_hpl_sends),
        cmocka_unit_test(look_ahead_hides_the_broadcast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
