/*
 * Each tool's sample below tests/samples gives the cells and times that stand in it, worked out by
 * hand; every beginning of it, and each of its bytes changed, gives an error or fewer cells, never
 * a crash.
 */
#include "calibration/import/import.h"
#include "calibration/raw/raw_build.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#ifndef SAMPLES
#define SAMPLES "tests/samples"
#endif

struct file {
    struct raw *raw;
    struct diagnostics *diagnostics;
    const struct importer *importer;
};

static struct file read_sample(const char *name)
{
    char path[400];
    int status;
    struct file file = {.raw = raw_new("samples"), .diagnostics = diagnostics_new()};

    snprintf(path, sizeof path, "%s/%s", SAMPLES, name);
    file.importer = import_file(path, RAW_OTHER_HOST, file.raw, file.diagnostics, &status);
    assert_int_equal(status, 0);
    return file;
}

static void release(struct file *file)
{
    raw_free(file->raw);
    diagnostics_free(file->diagnostics);
}

/* The times of all cells of an operation and size, added up; 0: there is none. */
static double time_of(const struct raw *raw, enum raw_operation operation, double size_B)
{
    double sum_s = 0.0;
    for (int i = 0; i < raw->n_visits; i++) {
        const struct raw_cell *cell = &raw->cells[raw->visits[i].cell];
        if (cell->operation == operation && (size_B < 0.0 || cell->size_B == size_B))
            sum_s += raw->visits[i].times_s[0];
    }
    return sum_s;
}

static void assert_near(double found, double expected)
{
    if (fabs(found - expected) > 1e-9 * fabs(expected))
        fail_msg("%.12g, expected %.12g", found, expected);
}

static double result_of(const struct raw *raw, const char *metric)
{
    return json_number_value(
        json_object_get(json_object_get(raw->launches[0].text, "results"), metric));
}

static void osu_latencies_of_two_versions_are_read(void **state)
{
    (void)state;
    struct file file = read_sample("osu-latency-7.5.txt");
    assert_string_equal(file.importer->name, "OSU Micro-Benchmarks");
    assert_int_equal(file.raw->n_visits, 3);
    assert_near(time_of(file.raw, RAW_PINGPONG, 65536.0), 18.43e-6);
    assert_int_equal(file.raw->cells[0].path, RAW_OTHER_HOST);
    release(&file);

    file = read_sample("osu-latency-5.6.txt");
    assert_int_equal(file.raw->n_visits, 3);
    assert_near(time_of(file.raw, RAW_PINGPONG, 0.0), 1.22e-6);
    release(&file);
}

static void osu_bandwidth_is_the_time_of_a_window(void **state)
{
    (void)state;
    struct file file = read_sample("osu-bw-5.6.txt");
    assert_near(time_of(file.raw, RAW_STREAM, 1048576.0), 64.0 * 1048576.0 / 11213.40e6);
    release(&file);
}

static void imb_takes_the_slowest_rank_and_leaves_out_what_timed_out(void **state)
{
    (void)state;
    struct file file = read_sample("imb-2021.txt");
    assert_int_equal(file.raw->n_visits, 4);
    assert_near(time_of(file.raw, RAW_PINGPONG, 4096.0), 9.70e-6);
    assert_near(time_of(file.raw, RAW_ALLREDUCE, 8.0), 1.92e-6);
    assert_int_equal(diagnostics_count(file.diagnostics, SEVERITY_WARNING), 1);
    release(&file);
}

/* STREAM's vectors of 166666 elements lie in the cache, as HPCC's N = 1000 has them; so its rates
 * are refused. DGEMM: 2 x 407^3 flop at 51.9033 and 44.2827 Gflop/s. */
static void hpcc_gives_microbenchmarks_and_keeps_applications_beside(void **state)
{
    (void)state;
    struct file file = read_sample("hpccoutf.txt");
    assert_non_null(file.importer);
    assert_near(time_of(file.raw, RAW_DGEMM, -1.0),
                2.0 * 407.0 * 407.0 * 407.0 * (1.0 / 51.9033e9 + 1.0 / 44.2827e9));
    assert_true(time_of(file.raw, RAW_TRIAD, -1.0) == 0.0);
    assert_true(diagnostics_count(file.diagnostics, SEVERITY_WARNING) >= 4);
    assert_near(time_of(file.raw, RAW_PINGPONG, 8.0), 0.127875e-6);
    assert_near(time_of(file.raw, RAW_PINGPONG, 2e6), 2e6 / 13.6615e9);
    assert_near(result_of(file.raw, "hpl_gflops"), 57.5262);
    release(&file);
}

static void hpl_is_a_result_and_no_parameter(void **state)
{
    (void)state;
    struct file file = read_sample("HPL.out");
    assert_int_equal(file.raw->n_visits, 0);
    assert_near(result_of(file.raw, "hpl_gflops"), 17.21);
    release(&file);
}

/* Two threads share 24 B x 40e6 in 37.592 ms: 12 B x 40e6 each. */
static void stream_is_shared_by_its_threads(void **state)
{
    (void)state;
    struct file file = read_sample("stream.txt");
    assert_near(time_of(file.raw, RAW_TRIAD, -1.0), 0.037592);
    for (int i = 0; i < file.raw->n_cells; i++) {
        assert_int_equal(file.raw->cells[i].n_active, 2);
        if (file.raw->cells[i].operation == RAW_TRIAD)
            assert_near(file.raw->cells[i].argument[0], 480e6);
    }
    release(&file);
}

static void fio_gives_requests_of_its_block_size(void **state)
{
    (void)state;
    struct file file = read_sample("fio.json");
    assert_int_equal(file.raw->n_visits, 1);
    const struct raw_cell *cell = &file.raw->cells[0];
    assert_int_equal(cell->operation, RAW_DISK_READ);
    assert_true(fabs(cell->size_B - 65536.0) < 70.0);
    assert_true(cell->argument[0] == 0.0 && cell->argument[1] == 1.0 && cell->argument[2] == 1.0);
    assert_near(file.raw->visits[0].times_s[0], 1.0 / 10012.662446);
    release(&file);
}

static void iperf3_counts_what_arrived(void **state)
{
    (void)state;
    struct file file = read_sample("iperf3.json");
    assert_int_equal(file.raw->n_visits, 1);
    const struct raw_cell *cell = &file.raw->cells[0];
    assert_near(cell->size_B, 131072.0);
    assert_near(cell->argument[0] * 131072.0 / file.raw->visits[0].times_s[0],
                24679443950.914024 / 8.0);
    release(&file);
}

/* A row without rewrite and reread: the third number is the read, not the rewrite. */
static void iozone_is_cut_by_column(void **state)
{
    (void)state;
    struct file file = read_sample("iozone.txt");
    assert_int_equal(file.raw->n_visits, 6);
    assert_near(time_of(file.raw, RAW_DISK_READ, 4096.0), 4.0 / 71862.0 + 4.0 / 25311.0);
    assert_near(time_of(file.raw, RAW_DISK_WRITE, 1048576.0), 1024.0 / 118053.0);
    release(&file);
}

static void netpipe_and_simgrid_are_told_apart_from_lists_of_detours(void **state)
{
    (void)state;
    struct file file = read_sample("np.out");
    assert_string_equal(file.importer->name, "NetPIPE");
    assert_int_equal(file.raw->n_visits, 60);
    release(&file);

    file = read_sample("simgrid.csv");
    assert_near(time_of(file.raw, RAW_PINGPONG, 1024.0), (9.0065e-5 + 9.1065e-5) / 2.0);
    assert_int_equal(file.raw->n_cells, 3);
    release(&file);

    file = read_sample("detours.txt");
    assert_int_equal(file.raw->n_detours, 1);
    assert_int_equal(file.raw->detours[0].n, 4);
    assert_near(file.raw->detours[0].observed_s, 12000076e-9 + 51002e-9);
    release(&file);
}

static const char *const samples[] = {"osu-latency-7.5.txt",
                                      "osu-latency-5.6.txt",
                                      "osu-bw-5.6.txt",
                                      "imb-2021.txt",
                                      "hpccoutf.txt",
                                      "HPL.out",
                                      "stream.txt",
                                      "fio.json",
                                      "iperf3.json",
                                      "iozone.txt",
                                      "np.out",
                                      "simgrid.csv",
                                      "detours.txt"};

/* Reads `length` bytes as a file of their own. */
static bool read_bytes(const char *text, size_t length, int *n_errors)
{
    char path[] = "/tmp/importXXXXXX";
    int status;
    const int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, text, length) == (ssize_t)length);
    close(fd);
    struct raw *raw = raw_new(path);
    struct diagnostics *diagnostics = diagnostics_new();
    const bool is_known = import_file(path, RAW_OTHER_HOST, raw, diagnostics, &status) != NULL;
    *n_errors = diagnostics_count(diagnostics, SEVERITY_ERROR);
    raw_free(raw);
    diagnostics_free(diagnostics);
    unlink(path);
    return is_known;
}

static void damaged_files_give_errors_and_no_crash(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        char path[400], text[1 << 16];
        int n_errors;
        snprintf(path, sizeof path, "%s/%s", SAMPLES, samples[i]);
        FILE *in = fopen(path, "rb");
        assert_non_null(in);
        const size_t length = fread(text, 1, sizeof text, in);
        fclose(in);
        for (size_t cut = 0; cut < length; cut += 1 + length / 40) {
            const bool is_known = read_bytes(text, cut, &n_errors);
            assert_true(is_known == (n_errors == 0));
        }
        for (size_t at = 0; at < length; at += 1 + length / 40) {
            const char before = text[at];
            text[at] = (char)(before ^ 0x15);
            read_bytes(text, length, &n_errors);
            text[at] = before;
        }
    }
}

static void unknown_files_are_refused_with_a_list_of_tools(void **state)
{
    (void)state;
    int n_errors;
    static const char *const texts[] = {"", "hello\n", "{\"a\": 1}", "# Size\n1 2\n",
                                        "\xff\xfe\x00"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_false(read_bytes(texts[i], strlen(texts[i]), &n_errors));
        assert_int_equal(n_errors, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(osu_latencies_of_two_versions_are_read),
        cmocka_unit_test(osu_bandwidth_is_the_time_of_a_window),
        cmocka_unit_test(imb_takes_the_slowest_rank_and_leaves_out_what_timed_out),
        cmocka_unit_test(hpcc_gives_microbenchmarks_and_keeps_applications_beside),
        cmocka_unit_test(hpl_is_a_result_and_no_parameter),
        cmocka_unit_test(stream_is_shared_by_its_threads),
        cmocka_unit_test(fio_gives_requests_of_its_block_size),
        cmocka_unit_test(iperf3_counts_what_arrived),
        cmocka_unit_test(iozone_is_cut_by_column),
        cmocka_unit_test(netpipe_and_simgrid_are_told_apart_from_lists_of_detours),
        cmocka_unit_test(damaged_files_give_errors_and_no_crash),
        cmocka_unit_test(unknown_files_are_refused_with_a_list_of_tools),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
