/* Raw files: what was written is read, and what is damaged is told where. */
#include "calibration/raw/raw_frame.h"
#include "calibration/raw/raw_read.h"
#include "calibration/raw/raw_visit.h"
#include "calibration/raw/raw_write.h"
#include "diagnosed.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD   "{\"schema\": \"vhpcsim-raw/1\", \"tool\": \"vhpc-measure 0.1.0\", \"seed\": 1}\n"
#define LAUNCH "{\"launch\": 1, \"preset\": \"quick\"}\n"
#define CELL                                                                                       \
    "{\"cell\": 0, \"operation\": \"pingpong\", \"path\": \"other_host\", \"load\": \"idle\", "    \
    "\"size_B\": 1024, \"n_active\": 2, \"rank\": 0, \"partner\": 1, \"arguments\": [0, 0, 0]}\n"
#define VISIT(rest)                                                                                \
    "{\"visit\": 0, \"launch\": 1, \"block\": 3, \"rank\": 0, \"at_s\": 12.4, " rest "}\n"
#define GOOD_VISIT VISIT("\"cold_s\": 2.5e-05, \"times_s\": [1.125e-05, 1.25e-05]")

/* --- files of the test's own ---------------------------------------------------------------- */

static char path[] = "/tmp/test_raw.XXXXXX";

static int make_path(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/test_raw.XXXXXX");
    const int fd = mkstemp(path);
    if (fd < 0)
        return -1;
    close(fd);
    return unlink(path);
}

static int remove_path(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

static struct raw_writer *open_writer(void)
{
    int status;
    struct raw_writer *writer = raw_writer_open(path, &status);
    assert_non_null(writer);
    assert_int_equal(status, 0);
    return writer;
}

static struct raw *read_good(void)
{
    struct diagnostics *diagnostics = diagnostics_new();
    int status;
    struct raw *raw = raw_read(path, diagnostics, &status);
    char *said = diagnosed(diagnostics);
    assert_string_equal(said, "");
    assert_non_null(raw);
    free(said);
    diagnostics_free(diagnostics);
    return raw;
}

/* What is said of the text; the caller frees it. */
static char *said_of(const char *text)
{
    struct diagnostics *diagnostics = diagnostics_new();
    int status;
    struct raw *raw = raw_read_text("a.raw", text, strlen(text), diagnostics, &status);
    char *said = diagnosed(diagnostics);
    assert_int_equal(status, raw ? 0 : -EINVAL);
    raw_free(raw);
    diagnostics_free(diagnostics);
    return said;
}

static void assert_said(const char *text, const char *expected)
{
    char *said = said_of(text);
    if (!strstr(said, expected))
        fail_msg("\"%s\" is not in \"%s\"", expected, said);
    free(said);
}

static const struct raw_cell dgemm = {.operation = RAW_DGEMM,
                                      .n_active = 2,
                                      .rank = 1,
                                      .partner = -1,
                                      .size_B = 1073741825.0,
                                      .argument = {731.0, 128.0, 0.375}};

/* A head, a launch, two cells, and visits of the second, a frame each. */
static void write_file(int n_visits)
{
    struct raw_writer *writer = open_writer();
    struct raw_cell cell = {.operation = RAW_PINGPONG, .path = RAW_SAME_HOST, .partner = 1};
    raw_writer_line(writer, json_pack("{s:s, s:i}", "schema", "vhpcsim-raw/1", "seed", 7));
    raw_writer_line(writer, json_pack("{s:i}", "launch", 1));
    raw_writer_cell(writer, &cell);
    cell = dgemm;
    cell.number = 1;
    raw_writer_cell(writer, &cell);
    assert_int_equal(raw_writer_flush(writer), 0);
    for (int i = 0; i < n_visits; i++) {
        double times_s[] = {1.25e-5 * (i + 1), 1.75e-3, 3.1415926e2};
        const struct raw_visit visit = {1, 1, i, 1, 0.5 * i, 2.5e-7, 3, times_s};
        raw_writer_visit(writer, &visit);
        assert_int_equal(raw_writer_flush(writer), 0);
    }
    assert_int_equal(raw_writer_close(writer), 0);
}

static char *load_file(size_t *size_B)
{
    char *bytes;
    const int fd = open(path, O_RDONLY);
    assert_int_equal(raw_frame_load(fd, &bytes, size_B), 0);
    close(fd);
    return bytes;
}

/* --- whole files ---------------------------------------------------------------------------- */

static void what_was_written_is_read(void **state)
{
    (void)state;
    write_file(3);
    struct raw *raw = read_good();
    assert_false(raw->is_cut);
    assert_int_equal(json_integer_value(json_object_get(raw->head, "seed")), 7);
    assert_int_equal(raw->n_launches, 1);
    assert_null(raw->launches[0].end);
    assert_int_equal(raw->n_cells, 2);
    assert_int_equal(raw->cells[1].number, 1);
    assert_true(raw_cell_is_same(&raw->cells[1], &dgemm));
    assert_false(raw_cell_is_same(&raw->cells[0], &dgemm));
    assert_int_equal(raw->n_visits, 3);
    const struct raw_visit *visit = &raw->visits[2];
    assert_int_equal(visit->block, 2);
    assert_int_equal(visit->n, 3);
    assert_true(visit->at_s == 1.0 && visit->cold_s == 2.5e-7);
    assert_true(visit->times_s[0] == 3.75e-5 && visit->times_s[2] == 3.1415926e2);
    raw_free(raw);
}

static void a_second_writer_is_refused_until_the_first_is_done(void **state)
{
    (void)state;
    struct raw_writer *writer = open_writer();
    int status;
    assert_null(raw_writer_open(path, &status));
    assert_int_equal(status, -EBUSY);
    assert_int_equal(raw_writer_close(writer), 0);
    raw_writer_close(open_writer());
}

static void lines_of_all_kinds_are_kept(void **state)
{
    (void)state;
    const char text[] =
        HEAD LAUNCH "{\"environment\": {\"host\": \"a\"}, \"launch\": 1, \"domain\": \"d\"}\n"
                    "{\"remark\": \"refused\", \"launch\": 1, \"code\": \"c\", \"text\": \"t\"}\n"
                    "{\"threshold\": \"eager\", \"launch\": 1, \"path\": \"same_host\", "
                    "\"method\": \"semantic\", \"from_B\": 4040, \"to_B\": 4096}\n"
                    "{\"detours\": [[0.125, 5e-05], [0.25, 0.001]], \"launch\": 1, \"rank\": 1, "
                    "\"observed_s\": 2.0, \"quantum_s\": 1e-7, \"threshold_s\": 8e-7, "
                    "\"n_shorter\": 12.0, \"shorter_s\": 7e-6, \"stolen_s\": null}\n"
                    "{\"end\": \"interrupted\", \"launch\": 1, \"text\": \"\"}\n"
                    "{\"resumed\": \"now\", \"launch\": 1}\n"
                    "{\"end\": \"budget\", \"launch\": 1, \"text\": \"\"}\n"
                    "{\"launch\": 2}\n{\"end\": \"failed\", \"launch\": 2, \"text\": \"\"}\n"
                    "{\"resumed\": \"now\", \"launch\": 2}";
    struct diagnostics *diagnostics = diagnostics_new();
    int status;
    struct raw *raw = raw_read_text("a.raw", text, strlen(text), diagnostics, &status);
    assert_non_null(raw);
    assert_int_equal(json_array_size(raw->environments), 1);
    assert_true(raw->n_remarks == 1 && raw->remarks[0].is_refusal);
    assert_true(raw->n_thresholds == 1 && raw->thresholds[0].path == RAW_SAME_HOST);
    assert_true(raw->thresholds[0].from_B == 4040.0 && raw->thresholds[0].to_B == 4096.0);
    assert_true(raw->n_detours == 1 && raw->detours[0].n == 2 && isnan(raw->detours[0].stolen_s));
    assert_true(raw->detours[0].threshold_s == 8e-7 && raw->detours[0].n_shorter == 12.0);
    assert_true(raw->detours[0].shorter_s == 7e-6);
    assert_true(raw->detours[0].start_s[1] == 0.25 && raw->detours[0].length_s[0] == 5e-5);
    assert_string_equal(raw->launches[0].end, "budget");
    assert_int_equal(raw->n_launches, 2);
    assert_null(raw->launches[1].end);
    raw_free(raw);
    diagnostics_free(diagnostics);
}

/* The quick reader of visits reads numbers as strtod does, or leaves them to the other. */
static void visits_are_scanned_to_the_last_bit(void **state)
{
    (void)state;
    static const char *const numbers[] = {"1.12345678e-05", "9.99999999e-07", "31415.9265", "7",
                                          "2.5E-3",         "1e-9",           "1e30",       "0.1"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char line[200];
        double times_s[RAW_VISIT_TIMES];
        struct raw_visit visit;
        const int length =
            snprintf(line, sizeof line,
                     "{\"visit\":3,\"launch\": 2, \"block\": 1, \"rank\": 4, \"at_s\": 0, "
                     "\"cold_s\": 0.5, \"times_s\": [%s, 0.25]}",
                     numbers[i]);
        const bool is_plain = !strchr(numbers[i], 'E') && !strstr(numbers[i], "e30");
        assert_int_equal(raw_visit_scan(line, (size_t)length, &visit, times_s), is_plain);
        if (is_plain)
            assert_true(times_s[0] == strtod(numbers[i], NULL) && visit.n == 2 && visit.rank == 4);
    }
}

/* --- files that somebody or something broke ----------------------------------------------------
 */

/* Wherever the plug is pulled: what was whole is read, and the next writer appends to that. */
static void a_file_cut_anywhere_keeps_its_whole_frames(void **state)
{
    (void)state;
    size_t size_B;
    write_file(2);
    char *bytes = load_file(&size_B);
    size_t head_B, first_B;
    assert_int_equal(raw_frame_look(bytes, size_B, &head_B), RAW_FRAME_WHOLE);
    assert_int_equal(raw_frame_look(bytes + head_B, size_B - head_B, &first_B), RAW_FRAME_WHOLE);
    for (size_t kept_B = head_B; kept_B < size_B; kept_B++) {
        assert_int_equal(truncate(path, (off_t)size_B), 0);
        const int fd = open(path, O_WRONLY);
        assert_int_equal(pwrite(fd, bytes, size_B, 0), (ssize_t)size_B);
        assert_int_equal(ftruncate(fd, (off_t)kept_B), 0);
        close(fd);
        struct raw *raw = read_good();
        assert_int_equal(raw->is_cut, kept_B != head_B && kept_B != head_B + first_B);
        assert_int_equal(raw->n_visits, kept_B >= head_B + first_B);
        const int n_visits = raw->n_visits;
        raw_free(raw);

        double times_s[] = {0.5};
        const struct raw_visit visit = {0, 1, 9, 0, 0.0, 0.25, 1, times_s};
        struct raw_writer *writer = open_writer();
        raw_writer_visit(writer, &visit);
        assert_int_equal(raw_writer_close(writer), 0);
        raw = read_good();
        assert_false(raw->is_cut);
        assert_int_equal(raw->n_visits, n_visits + 1);
        raw_free(raw);
    }
    free(bytes);
}

static void zeros_at_the_end_are_a_frame_that_never_came(void **state)
{
    (void)state;
    struct stat file;
    write_file(2);
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(truncate(path, file.st_size + 4000), 0);
    struct raw *raw = read_good();
    assert_true(raw->is_cut);
    assert_int_equal(raw->n_visits, 2);
    raw_free(raw);
}

/* A file that is none of ours stays as it is, byte for byte. */
static void nothing_is_appended_to_what_is_no_raw_file(void **state)
{
    (void)state;
    const char poem[] = "not a frame at all\n";
    size_t size_B;
    const int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, poem, strlen(poem)), (ssize_t)strlen(poem));
    close(fd);
    struct raw_writer *writer = open_writer();
    raw_writer_line(writer, json_pack("{s:i}", "launch", 1));
    assert_int_equal(raw_writer_close(writer), -EBADMSG);
    char *bytes = load_file(&size_B);
    assert_int_equal(size_B, strlen(poem));
    assert_memory_equal(bytes, poem, size_B);
    free(bytes);
}

static void a_changed_byte_is_damage_and_no_crash(void **state)
{
    (void)state;
    size_t size_B;
    int n_refused = 0;
    write_file(2);
    char *bytes = load_file(&size_B);
    for (size_t i = 0; i < size_B; i++) {
        struct diagnostics *diagnostics = diagnostics_new();
        int status;
        bytes[i] ^= 0x55;
        struct raw *raw = raw_read_bytes("a.raw", bytes, size_B, diagnostics, &status);
        bytes[i] ^= 0x55;
        /* A length that is too long now makes the rest a frame that is cut. */
        assert_true(raw ? raw->is_cut : status == -EINVAL);
        n_refused += raw == NULL;
        raw_free(raw);
        diagnostics_free(diagnostics);
    }
    assert_true(n_refused > (int)size_B / 2);
    free(bytes);
}

static void what_is_no_raw_file_is_told(void **state)
{
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    int status;
    assert_null(raw_read_bytes("a.raw", "T/V   N", 7, diagnostics, &status));
    assert_int_equal(status, -EINVAL);
    char *said = diagnosed(diagnostics);
    assert_non_null(strstr(said, "not compressed with zstd"));
    free(said);
    diagnostics_free(diagnostics);
    assert_null(raw_read("/nowhere/at/all", NULL, &status));
    assert_int_equal(status, -ENOENT);
    assert_said("", "nothing is in this file");
    assert_said("{\"jobs\": []}\n", "a.raw:1:1: error: this is no file of raw measurements");
    assert_said("{\"schema\": \"vhpcsim-raw/9\"}\n", "a.raw:1:12: error: unknown schema");
}

static void each_mistake_is_told_with_its_place(void **state)
{
    (void)state;
    assert_said(HEAD "{\"launch\": 1,}\n", "a.raw:2:14: error: no JSON");
    assert_said(HEAD "{\"lunch\": 1}\n", "did you mean \"launch\"?");
    assert_said(HEAD "{\"launch\": 3}\n", "a.raw:2:12: error: \"launch\" must be 1");
    assert_said(HEAD HEAD, "the file begins a second time");
    assert_said(HEAD LAUNCH "{\"cell\": 0, \"operation\": \"pingpon\"}\n",
                "unknown operation \"pingpon\"");
    assert_said(HEAD LAUNCH "{\"cell\": 0, \"operation\": \"pingpon\"}\n",
                "did you mean \"pingpong\"?");
    assert_said(HEAD LAUNCH GOOD_VISIT, "a.raw:3:11: error: no line above describes cell 0");
    assert_said(HEAD CELL GOOD_VISIT, "no line above describes launch 1");
    assert_said(HEAD LAUNCH CELL VISIT("\"cold_s\": 0.1, \"times_s\": [0.1, 0]"),
                "a.raw:4:90: error: a time must be a number above 0: number 2 of \"times_s\"");
    assert_said(HEAD LAUNCH CELL VISIT("\"cold_s\": 0.1, \"times_s\": [0.1, -1e-3]"),
                "a time must be a number above 0");
    assert_said(HEAD LAUNCH CELL VISIT("\"cold_s\": -1, \"times_s\": [0.1]"),
                "\"cold_s\" must be a number above 0");
    assert_said(HEAD LAUNCH CELL VISIT("\"cold_s\": 0.1, \"times_s\": [NaN]"), "no JSON");
    assert_said(HEAD LAUNCH CELL VISIT("\"cold_s\": 0.1, \"times_s\": []"),
                "must be a list of times");
    assert_said(HEAD LAUNCH CELL VISIT("\"times_s\": [0.1]"), "\"cold_s\" is missing");
    assert_said(HEAD LAUNCH "{\"end\": \"bored\", \"launch\": 1}\n", "unknown end \"bored\"");
    assert_said(HEAD LAUNCH "{\"detours\": [[1]], \"launch\": 1, \"rank\": 0, \"observed_s\": 1, "
                            "\"quantum_s\": 0, \"threshold_s\": 0, \"n_shorter\": 0, "
                            "\"shorter_s\": 0}\n",
                "number 1 of \"detours\" is none");
}

/* A cell with a mistake is a cell: its visits are no mistakes because of it. */
static void one_mistake_is_told_once(void **state)
{
    (void)state;
    char *said = said_of(
        HEAD LAUNCH
        "{\"cell\": 0, \"operation\": \"x\", \"path\": \"nowhere\", "
        "\"load\": \"idle\", \"size_B\": 0, \"n_active\": 1, "
        "\"rank\": 0, \"partner\": -1, \"arguments\": [0, 0, 0]}\n" GOOD_VISIT GOOD_VISIT "[]\n");
    const char *first = strstr(said, "error:");
    assert_non_null(first);
    const char *second = strstr(first + 1, "error:");
    assert_non_null(second);
    assert_non_null(strstr(second, "a line must be a JSON object"));
    assert_null(strstr(second + 1, "error:"));
    free(said);
}

#define with_file(test) cmocka_unit_test_setup_teardown(test, make_path, remove_path)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_file(what_was_written_is_read),
        with_file(a_second_writer_is_refused_until_the_first_is_done),
        cmocka_unit_test(lines_of_all_kinds_are_kept),
        cmocka_unit_test(visits_are_scanned_to_the_last_bit),
        with_file(a_file_cut_anywhere_keeps_its_whole_frames),
        with_file(zeros_at_the_end_are_a_frame_that_never_came),
        with_file(nothing_is_appended_to_what_is_no_raw_file),
        with_file(a_changed_byte_is_damage_and_no_crash),
        cmocka_unit_test(what_is_no_raw_file_is_told),
        cmocka_unit_test(each_mistake_is_told_with_its_place),
        cmocka_unit_test(one_mistake_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
