/*
 * What every workload owes to MPI: whatever is sent is received, by a receiver that has room for
 * it.
 */
#include "sim/engine/engine.h"
#include "sim/workload/workload.h"
#include "tests/counter/rank_counter.h"
#include "workload_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Scenarios name engines; the counting one takes the place of the one that they name. */
const struct engine engine_simgrid = {.name = "simgrid", .help = "stands for it"};

static void expect_received(const struct workload_case *c, const struct program *program, int part,
                            const struct counter_options *options)
{
    struct counter counter;
    const int error = count_program(program, program->n_ranks, options, &counter);
    const uint64_t n_wrong = counter.n_wrong_sizes - counter.n_shorter;

    if (error || counter.n_left_over > 0 || n_wrong > 0)
        fail_msg(
            "%s {%s} part %d with %s sends: error %d, %llu messages left over, %llu of wrong sizes",
            c->kind, c->keys, part, options->sends_wait ? "waiting" : "buffered", error,
            (unsigned long long)counter.n_left_over, (unsigned long long)n_wrong);
    counter_release(&counter);
}

/* The parts of a suite one by one. */
static void expect_all_received(const struct counter_options *options)
{
    for (const struct workload_case *c = workload_cases; c->kind; c++) {
        struct scenario *scenario = workload_case_read(c);
        const struct workload *workload = scenario->workload;
        struct program program;

        assert_int_equal(
            workload->program_new(scenario->workload_spec, platform_rank_count(scenario), &program),
            0);
        for (int i = 0; i < program.n_parts; i++)
            expect_received(c, &program.parts[i], i, options);
        if (program.n_parts == 0)
            expect_received(c, &program, -1, options);
        workload->program_free(&program);
        scenario_free(scenario);
    }
}

static void every_message_of_every_workload_is_received(void **state)
{
    (void)state;
    const struct counter_options eager = {0};
    workload_cases_expect_all();
    expect_all_received(&eager);
}

/* Every send may become a rendezvous: then ranks that all send first would wait for ever. */
static void no_workload_counts_on_buffers_for_its_messages(void **state)
{
    (void)state;
    const struct counter_options rendezvous = {.sends_wait = true, .probes_are_shy = true};
    expect_all_received(&rendezvous);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_of_every_workload_is_received),
        cmocka_unit_test(no_workload_counts_on_buffers_for_its_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
