/*
 * A measured node over the profile that somebody has: what was measured stays, all else comes from
 * the other; and intervals of what others printed are widened.
 */
#include "calibration/fit/profile_overlay.h"

#include "models/profile.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char base_text[] =
    "schema: vhpcsim-mpi/1\nname: base\ntitle: t\nwait: polls\neager_threshold: 4 KiB\n"
    "send_message: {value: 2.385 us, source: there}\nrecv_message: 1 us\nlocal_latency: 1 us\n"
    "local_bandwidth: 3 GB/s\n"
    "sizes:\n  - {from: 0 B, send_message: 1 us, recv_message: 1 us, send_byte: 0 s/B, recv_byte: "
    "0 s/B}\n"
    "  - {from: 1 KiB, send_message: 2 us, recv_message: 2 us, send_byte: 0 s/B, recv_byte: 0 "
    "s/B}\n";

static struct profile *read_base(void)
{
    struct diagnostics *diagnostics = diagnostics_new();
    struct profile *profile = NULL;
    const int status =
        profile_read_text(NULL, "base.yaml", base_text, strlen(base_text), diagnostics, &profile);
    diagnostics_print(diagnostics, stderr, 0);
    assert_int_equal(status, 0);
    diagnostics_free(diagnostics);
    return profile;
}

static struct parameter measured(double value)
{
    struct parameter p = parameter_exact(value);
    p.source = "measured";
    return p;
}

static void what_was_measured_stays_and_all_else_is_the_other_profile_s(void **state)
{
    (void)state;
    struct profile *base = read_base();
    struct mpi_profile fitted;
    memset(&fitted, 0, sizeof fitted);
    fitted.recv_message_s = measured(7.5e-6);
    profile_overlay(base, "of the base", &fitted);

    assert_string_equal(fitted.name, "base");
    assert_int_equal(fitted.wait, MPI_WAIT_POLLS);
    assert_true(fitted.recv_message_s.value == 7.5e-6);
    assert_string_equal(fitted.recv_message_s.source, "measured");
    assert_true(fabs(fitted.send_message_s.value - 2.385e-6) < 1e-18);
    assert_string_equal(fitted.send_message_s.source, "there");
    assert_string_equal(fitted.local_latency_s.source, "of the base");
    assert_true(fitted.eager_threshold_B == 4096.0);
    const struct mpi_profile *values = base->values;
    assert_memory_equal(&fitted.sizes, &values->sizes, sizeof fitted.sizes);
    /* A default is no value of the base: it stays unset, and so is not written. */
    assert_true(fitted.look_s.value == 0.0 && fitted.look_s.source == NULL);
    profile_free(base);
}

static void intervals_are_widened_and_never_narrowed(void **state)
{
    (void)state;
    struct mpi_profile fitted;
    memset(&fitted, 0, sizeof fitted);
    fitted.send_message_s = measured(2e-6);
    fitted.recv_message_s = measured(2e-6);
    fitted.recv_message_s.ci95_lo = 1e-6;
    fitted.recv_message_s.ci95_hi = 2.1e-6;
    profile_widen(document_kind_by_name("mpi"), 0.1, &fitted);
    assert_true(fabs(fitted.send_message_s.ci95_lo - 2e-6 / 1.1) < 1e-18);
    assert_true(fabs(fitted.send_message_s.ci95_hi - 2.2e-6) < 1e-18);
    assert_true(fitted.recv_message_s.ci95_lo == 1e-6);
    assert_true(fabs(fitted.recv_message_s.ci95_hi - 2.2e-6) < 1e-18);
    assert_true(fitted.look_s.ci95_hi == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_measured_stays_and_all_else_is_the_other_profile_s),
        cmocka_unit_test(intervals_are_widened_and_never_narrowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
