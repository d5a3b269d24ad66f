/* Launches of a file: which call begins one, and which goes on with one. */
#include "calibration/measure/recorder.h"
#include "sim/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char pattern[] = "/tmp/test_recorder.XXXXXX";
static char path[sizeof pattern];

static int make_path(void **state)
{
    (void)state;
    memcpy(path, pattern, sizeof path);
    const int fd = mkstemp(path);
    return fd < 0 || close(fd) != 0;
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

/* Opens the file for a launch of `preset` on hosts of that name. */
static struct recorder *open_for(const char *preset, const char *host, int *status)
{
    unsigned long seed = 7;
    json_t *request = json_pack("{s:s}", "preset", preset);
    json_t *ranks = json_pack("[{s:s, s:s}]", "host", host, "domain", host);
    struct recorder *recorder = recorder_open(path, request, ranks, false, &seed, status);
    if (recorder)
        recorder_begin(recorder, json_pack("{s:O, s:O}", "request", request, "ranks", ranks));
    json_decref(request);
    json_decref(ranks);
    return recorder;
}

static struct recorder *open_good(const char *preset, const char *host)
{
    int status;
    struct recorder *recorder = open_for(preset, host, &status);
    assert_non_null(recorder);
    assert_int_equal(status, EXIT_DONE);
    return recorder;
}

static void visit(struct recorder *recorder, int block, double at_s)
{
    double times_s[] = {1.25e-3};
    struct raw_cell cell = {.operation = RAW_SEND, .size_B = 731.0, .partner = 1};
    struct raw_visit done = {.block = block, .at_s = at_s, .cold_s = 2e-3, .n = 1};
    done.cell = recorder_cell(recorder, &cell);
    done.times_s = times_s;
    recorder_visit(recorder, &done);
}

/* Somebody calls, with what became of the launch before; NULL: it was killed. */
static void a_call_after(const char *end, const char *preset, const char *host, int expected_launch)
{
    struct recorder *recorder = open_good("quick", "a");
    assert_int_equal(recorder_history(recorder)->launch, 1);
    visit(recorder, 0, 1.5);
    visit(recorder, 3, 2.75);
    if (end)
        recorder_end(recorder, end, 2.875, "");
    assert_int_equal(recorder_close(recorder), 0);

    recorder = open_good(preset, host);
    const struct history *history = recorder_history(recorder);
    assert_int_equal(history->launch, expected_launch);
    assert_int_equal(history->is_resumed, expected_launch == 1);
    assert_int_equal(history->block, expected_launch == 1 ? 3 : 0);
    assert_true(history->spent_s == (expected_launch == 1 ? 2.75 : 0.0));
    assert_int_equal(recorder_raw(recorder)->n_visits, 2);
    assert_int_equal(recorder_close(recorder), 0);
    assert_int_equal(truncate(path, 0), 0);
}

static void only_the_same_call_goes_on_with_a_launch_and_only_before_its_end(void **state)
{
    (void)state;
    a_call_after(NULL, "quick", "a", 1);
    a_call_after("interrupted", "quick", "a", 1);
    a_call_after("failed", "quick", "a", 1);
    a_call_after("converged", "quick", "a", 2);
    a_call_after("budget", "quick", "a", 2);
    a_call_after(NULL, "full", "a", 2);
    a_call_after(NULL, "quick", "b", 2);
}

/* Killed before its first visit, it has not been asked for thresholds and detours, or has. */
static void a_launch_is_surveyed_once(void **state)
{
    (void)state;
    recorder_close(open_good("quick", "a"));
    struct recorder *recorder = open_good("quick", "a");
    assert_true(recorder_history(recorder)->is_resumed);
    assert_false(recorder_history(recorder)->is_surveyed);
    recorder_line(recorder,
                  json_pack("{s:s, s:s, s:s, s:i, s:i}", "threshold", "eager", "path",
                            "same_domain", "method", "semantic", "from_B", 731, "to_B", 733));
    recorder_close(recorder);
    recorder = open_good("quick", "a");
    assert_true(recorder_history(recorder)->is_surveyed);
    recorder_close(recorder);
    recorder = open_good("quick", "b"); /* the next launch */
    assert_false(recorder_history(recorder)->is_surveyed);
    visit(recorder, 0, 1.5);
    recorder_close(recorder);
    recorder = open_good("quick", "b");
    assert_true(recorder_history(recorder)->is_surveyed);
    recorder_close(recorder);
}

static void a_cell_keeps_its_number_in_the_file(void **state)
{
    (void)state;
    struct raw_cell cells[] = {{.operation = RAW_SEND, .size_B = 731.0},
                               {.operation = RAW_SEND, .size_B = 732.0},
                               {.operation = RAW_RECV, .size_B = 731.0}};
    struct recorder *recorder = open_good("quick", "a");
    for (int i = 0; i < 3; i++)
        assert_int_equal(recorder_cell(recorder, &cells[i]), i);
    recorder_end(recorder, "budget", 1.0, "");
    recorder_close(recorder);
    recorder = open_good("quick", "a");
    assert_int_equal(recorder_cell(recorder, &cells[2]), 2);
    cells[0].load = RAW_BUSY;
    assert_int_equal(recorder_cell(recorder, &cells[0]), 3);
    recorder_close(recorder);
}

static void nothing_comes_after_the_end(void **state)
{
    (void)state;
    struct recorder *recorder = open_good("quick", "a");
    visit(recorder, 0, 1.5);
    recorder_end(recorder, "failed", 2.0, "a rank died");
    visit(recorder, 1, 2.5);
    recorder_end(recorder, "converged", 3.0, "");
    recorder_close(recorder);
    recorder = open_good("quick", "b");
    const struct raw *raw = recorder_raw(recorder);
    assert_int_equal(raw->n_visits, 1);
    assert_string_equal(raw->launches[0].end, "failed");
    recorder_close(recorder);
}

static void a_file_has_one_seed(void **state)
{
    (void)state;
    unsigned long seed = 9;
    int status;
    json_t *none = json_array();
    recorder_close(open_good("quick", "a"));
    struct recorder *recorder = recorder_open(path, none, none, false, &seed, &status);
    assert_int_equal(seed, 7);
    recorder_close(recorder);
    seed = 9;
    assert_null(recorder_open(path, none, none, true, &seed, &status));
    assert_int_equal(status, EXIT_USAGE);
    json_decref(none);
}

#define with_file(test) cmocka_unit_test_setup_teardown(test, make_path, remove_path)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_file(only_the_same_call_goes_on_with_a_launch_and_only_before_its_end),
        with_file(a_launch_is_surveyed_once),
        with_file(a_cell_keeps_its_number_in_the_file),
        with_file(nothing_comes_after_the_end),
        with_file(a_file_has_one_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
