/* A probe of the same machine, of a slower one, and of one of which little was measured. */
#include "calibration/fit/drift.h"
#include "calibration/fit/fit_document.h"
#include "synthetic.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

static const double margin = 0.03;

/* A machine as a fit sees it. */
struct seen {
    struct dataset *dataset;
    struct fit_document document;
};

static void see(struct seen *seen, const struct synthetic *truth, int parts)
{
    const struct fit_options options = {.resampling = {60, 1}, .skips_operations = true};
    struct raw *raw = synthetic_raw(truth, parts);
    char reason[256];
    assert_int_equal(dataset_new(1, &raw, false, &seen->dataset), 0);
    assert_int_equal(
        fit_document_make(seen->dataset, NULL, &options, &seen->document, reason, sizeof reason),
        0);
}

static void release(struct seen *seen)
{
    fit_document_release(&seen->document);
    dataset_free(seen->dataset);
}

/* Half the blocks, other sizes, other noise. */
static struct synthetic probe_of(const struct synthetic *truth, unsigned long seed)
{
    struct synthetic probe = *truth;
    probe.n_blocks = 5;
    probe.n_sizes = truth->n_sizes * 2 / 3;
    probe.seed = seed;
    return probe;
}

static void compare(struct drift *drift, const struct seen *stored, const struct seen *probe)
{
    const struct profile *profiles[N_FIT_PARTS];
    for (int part = 0; part < N_FIT_PARTS; part++)
        profiles[part] = stored->document.profiles.profiles[part];
    assert_int_equal(drift_init(drift, profiles, &probe->document.fitted, margin), 0);
}

static const struct profile_change *find(const struct drift *drift, const char *path)
{
    for (int i = 0; i < drift->changes.n; i++)
        if (strcmp(drift->changes.items[i].path, path) == 0)
            return &drift->changes.items[i];
    fail_msg("nothing is said of %s", path);
    return NULL;
}

static bool is_unprobed(const struct drift *drift, const char *path)
{
    for (int i = 0; i < drift->n_unprobed; i++)
        if (strcmp(drift->unprobed[i], path) == 0)
            return true;
    return false;
}

/* Of twenty probes one may cry wolf; of five, two with a probability of 2 %. */
static void a_machine_that_did_not_change_is_seldom_said_to(void **state)
{
    (void)state;
    enum { PROBES = 5 };
    struct seen stored;
    int n_alarms = 0, n_within = 0;
    see(&stored, &synthetic_truth, SYNTHETIC_ALL);
    for (int i = 0; i < PROBES; i++) {
        const struct synthetic truth = probe_of(&synthetic_truth, 1000 + (unsigned long)i);
        struct seen probe;
        struct drift drift;
        see(&probe, &truth, SYNTHETIC_ALL);
        compare(&drift, &stored, &probe);
        n_alarms += drift.changes.n_of[CHANGE_MOVED] > 0;
        n_within += drift.changes.n_of[CHANGE_WITHIN] + drift.changes.n_of[CHANGE_NONE];
        assert_true(drift.changes.n > 30);
        drift_release(&drift);
        release(&probe);
    }
    release(&stored);
    assert_true(n_alarms <= 1);
    assert_true(n_within > PROBES * 15); /* or the test would say nothing */
}

static void a_slower_wire_shows_in_long_messages_alone(void **state)
{
    (void)state;
    struct synthetic truth = probe_of(&synthetic_truth, 2385);
    struct seen stored, probe;
    struct drift drift;
    truth.bandwidth_Bps *= 0.8;
    see(&stored, &synthetic_truth, SYNTHETIC_ALL);
    see(&probe, &truth, SYNTHETIC_ALL);
    compare(&drift, &stored, &probe);
    const struct profile_change *change = find(&drift, "messages between hosts, 256 KiB and more");
    assert_int_equal(change->verdict, CHANGE_MOVED);
    gsl_test_rel(change->ratio, 1.25, 0.02, "ratio");
    assert_int_not_equal(find(&drift, "messages between hosts, below 1 KiB")->verdict,
                         CHANGE_MOVED);
    assert_int_not_equal(find(&drift, "messages within a host, below 1 KiB")->verdict,
                         CHANGE_MOVED);
    assert_int_not_equal(find(&drift, "matrix multiplies of many shapes")->verdict, CHANGE_MOVED);
    drift_release(&drift);
    release(&probe);
    release(&stored);
    assert_int_equal(gsl_test_summary(), 0);
}

static void a_slower_node_shows_in_all_that_computes(void **state)
{
    (void)state;
    struct synthetic truth = probe_of(&synthetic_truth, 2386);
    struct seen stored, probe;
    struct drift drift;
    truth.dgemm_mnk_s *= 1.11;
    truth.dgemm_mk_s *= 1.11;
    truth.memory_latency_s *= 1.3;
    see(&stored, &synthetic_truth, SYNTHETIC_NODE);
    see(&probe, &truth, SYNTHETIC_NODE);
    compare(&drift, &stored, &probe);
    assert_int_equal(find(&drift, "node.rates.dgemm.alone")->verdict, CHANGE_MOVED);
    assert_int_equal(find(&drift, "node.memory_latency")->verdict, CHANGE_MOVED);
    const struct profile_change *change = find(&drift, "matrix multiplies of many shapes");
    assert_int_equal(change->verdict, CHANGE_MOVED);
    gsl_test_rel(change->ratio, 1.11, 0.02, "ratio");
    assert_int_not_equal(find(&drift, "node.rates.scalar.alone")->verdict, CHANGE_MOVED);
    drift_release(&drift);
    release(&probe);
    release(&stored);
    assert_int_equal(gsl_test_summary(), 0);
}

static void what_was_not_probed_is_said_and_did_not_move(void **state)
{
    (void)state;
    const struct synthetic truth = probe_of(&synthetic_truth, 2387);
    struct seen stored, probe;
    struct drift drift;
    see(&stored, &synthetic_truth, SYNTHETIC_ALL);
    see(&probe, &truth, SYNTHETIC_NETWORK);
    compare(&drift, &stored, &probe);
    assert_true(is_unprobed(&drift, "node.memory_latency"));
    assert_true(is_unprobed(&drift, "matrix multiplies of many shapes"));
    assert_false(is_unprobed(&drift, "messages between hosts"));
    assert_int_equal(drift.changes.n_of[CHANGE_VANISHED], 0);
    assert_int_equal(drift.changes.n_of[CHANGE_APPEARED], 0);
    drift_release(&drift);
    release(&probe);
    release(&stored);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_that_did_not_change_is_seldom_said_to),
        cmocka_unit_test(a_slower_wire_shows_in_long_messages_alone),
        cmocka_unit_test(a_slower_node_shows_in_all_that_computes),
        cmocka_unit_test(what_was_not_probed_is_said_and_did_not_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
