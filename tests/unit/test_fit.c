/* From raw files whose truth is known to profiles: the truth lies in the intervals. */
#include "calibration/fit/fit_document.h"
#include "calibration/fit/profile_text.h"
#include "calibration/raw/raw_build.h"
#include "calibration/raw/raw_read.h"
#include "models/network.h"
#include "synthetic.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <gsl/gsl_test.h>

static const struct fit_options options = {.resampling = {60, 1}, .skips_operations = true};

/* What a test looks at. */
struct fixture {
    struct dataset *dataset;
    struct fit_document document;
};

static void fit(struct fixture *fixture, const struct synthetic *truth, int parts)
{
    struct raw *raw = synthetic_raw(truth, parts);
    char reason[256];
    assert_int_equal(dataset_new(1, &raw, false, &fixture->dataset), 0);
    assert_int_equal(fit_document_make(fixture->dataset, NULL, &options, &fixture->document, reason,
                                       sizeof reason),
                     0);
}

static void release(struct fixture *fixture)
{
    fit_document_release(&fixture->document);
    dataset_free(fixture->dataset);
}

/* The truth is in the interval, or within `relative` of the value: of some dozen 95 % intervals one
 * or two leave it out. */
static void assert_found(const char *what, const struct parameter *parameter, double truth,
                         double relative)
{
    const bool is_inside = parameter->ci95_lo <= truth && truth <= parameter->ci95_hi;
    if (is_inside || fabs(parameter->value - truth) <= relative * truth)
        return;
    fail_msg("%s: %g (%g .. %g), truth %g", what, parameter->value, parameter->ci95_lo,
             parameter->ci95_hi, truth);
}

static void points_pool_visits_of_all_launches(void **state)
{
    (void)state;
    struct raw *raw = synthetic_raw(&synthetic_truth, SYNTHETIC_NETWORK);
    struct dataset *dataset;
    assert_int_equal(dataset_new(1, &raw, false, &dataset), 0);
    const struct dataset_slice slice =
        dataset_slice(dataset, RAW_PINGPONG, RAW_OTHER_HOST, RAW_IDLE, 0);
    assert_int_equal(slice.n, synthetic_truth.n_sizes);
    assert_int_equal(dataset_count_visits(&slice), synthetic_truth.n_sizes *
                                                       synthetic_truth.n_launches *
                                                       synthetic_truth.n_blocks);
    assert_int_equal(dataset_count_launches(&slice), 3);
    assert_int_equal(dataset->n_hosts, 2);
    assert_int_equal(dataset_ranks_per_host(dataset), 2);
    for (int i = 0; i < slice.n; i++) {
        const double truth_s = synthetic_round_s(&synthetic_truth, slice.points[i].size_B);
        gsl_test_rel(slice.points[i].location_s, truth_s, 0.03, "location");
        assert_true(slice.points[i].cold_s > 1.3 * slice.points[i].location_s);
        if (i > 0)
            assert_true(slice.points[i].size_B > slice.points[i - 1].size_B);
    }
    dataset_free(dataset);
}

/* Whoever wants the file of the command line's tests anew names it in SYNTHETIC_RAW. */
static void a_file_says_the_same_as_what_was_measured(void **state)
{
    (void)state;
    struct synthetic truth = synthetic_truth;
    truth.n_launches = 2;
    truth.n_blocks = 3;
    truth.n_sizes = 24;
    char path[] = "/tmp/test_fit_XXXXXX";
    const int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    struct raw *raws[] = {synthetic_raw(&truth, SYNTHETIC_ALL), NULL};
    assert_int_equal(synthetic_write(raws[0], path), 0);
    if (getenv("SYNTHETIC_RAW"))
        assert_int_equal(synthetic_write(raws[0], getenv("SYNTHETIC_RAW")), 0);
    struct diagnostics *diagnostics = diagnostics_new();
    int status;
    raws[1] = raw_read(path, diagnostics, &status);
    diagnostics_print(diagnostics, stderr, 0);
    assert_non_null(raws[1]);
    struct dataset *written, *read;
    assert_int_equal(dataset_new(1, &raws[0], false, &written), 0);
    assert_int_equal(dataset_new(1, &raws[1], false, &read), 0);
    assert_int_equal(read->n_points, written->n_points);
    for (int i = 0; i < read->n_points; i++)
        gsl_test_rel(read->points[i].location_s, written->points[i].location_s, 1e-8, "location");
    dataset_free(written);
    dataset_free(read);
    diagnostics_free(diagnostics);
    unlink(path);
}

/* Half a round trip under profiles that were read back. */
static double simulated_round_s(const struct profile_set *set, const struct virt_profile *virt,
                                enum path path, double size_B)
{
    const struct host_load idle = {.n_cores = 2};
    const struct network net = {.node = set->profiles[PART_NODE]->values,
                                .link = set->profiles[PART_LINK]->values,
                                .mpi = set->profiles[PART_MPI]->values,
                                .virt = virt,
                                .n_vcpus = virt->kind == VIRT_NATIVE ? 0 : 2};
    const struct stack_cost send = network_send_cost(&net, path, size_B);
    const struct stack_cost recv = network_recv_cost(&net, path, size_B);
    const struct transfer way = network_transfer(&net, path, size_B, &idle, &idle);
    return stack_cost_s(&send) + transfer_duration_s(&way, size_B) + stack_cost_s(&recv);
}

/* At all sizes that were measured; between two of them the truth may change. */
static void assert_simulates(const struct dataset *dataset, const struct synthetic *truth,
                             const struct profile_set *set, const struct virt_profile *virt)
{
    const bool is_near = truth->far == RAW_SAME_HOST;
    const struct dataset_slice slice =
        dataset_slice(dataset, RAW_PINGPONG, is_near ? RAW_SAME_HOST : RAW_OTHER_HOST, RAW_IDLE, 0);
    assert_true(slice.n > 0);
    for (int i = 0; i < slice.n; i++) {
        const double size_B = slice.points[i].size_B;
        const double round_s =
            simulated_round_s(set, virt, is_near ? PATH_SAME_HOST : PATH_OTHER_HOST, size_B);
        const double truth_s = synthetic_round_s(truth, size_B);
        if (fabs(log(round_s / truth_s)) > 0.04)
            fail_msg("%g B: simulated %g, true %g", size_B, round_s, truth_s);
    }
}

static void a_network_comes_back(void **state)
{
    (void)state;
    struct fixture fixture;
    const struct synthetic *truth = &synthetic_truth;
    fit(&fixture, truth, SYNTHETIC_NETWORK);
    const struct fitted *fitted = &fixture.document.fitted;
    assert_true(fitted->has[PART_MPI] && fitted->has[PART_LINK] && !fitted->has[PART_NODE]);
    assert_found("bandwidth", &fitted->link.bandwidth_Bps, truth->bandwidth_Bps, 0.01);
    assert_found("latency", &fitted->link.latency_s, truth->latency_s, 0.02);
    const struct message_piece *first = &fitted->mpi.sizes.items[0];
    assert_found("send", &first->send_message_s, truth->send_s, 0.02);
    assert_found("send byte", &first->send_byte_s, truth->send_byte_s, 0.1);
    assert_found("receive", &first->recv_message_s, truth->recv_s, 0.02);
    assert_found("receive byte", &first->recv_byte_s, truth->recv_byte_s, 0.1);
    /* Of visits and repetitions, 2 % each, times the root of 2 for one message of two. */
    for (int i = 0; i < fitted->mpi.sizes.n; i++)
        gsl_test_rel(fitted->mpi.sizes.items[i].spread.value, 0.04, 0.3, "jitter of piece %d", i);
    gsl_test_rel(fitted->mpi.eager_threshold_B, truth->threshold_B, 1e-9, "threshold");
    assert_found("look", &fitted->mpi.look_s, 0.83e-6, 0.02);
    assert_found("local bandwidth", &fitted->mpi.local_bandwidth_Bps, truth->local_bandwidth_Bps,
                 0.02);
    assert_found("local latency", &fitted->mpi.local_latency_s, truth->local_latency_s, 0.05);
    assert_false(held_outs_are_off(&fixture.document.held_outs));
    release(&fixture);
}

/* The definition of all parameters: sender, way and receiver as models/network.h has them. */
static void the_simulated_ping_pong_is_the_measured_one(void **state)
{
    (void)state;
    struct fixture fixture;
    const struct virt_profile native = {.kind = VIRT_NATIVE};
    fit(&fixture, &synthetic_truth, SYNTHETIC_ALL);
    assert_simulates(fixture.dataset, &synthetic_truth, &fixture.document.profiles, &native);
    release(&fixture);
}

static void a_node_comes_back(void **state)
{
    (void)state;
    struct fixture fixture;
    const struct synthetic *truth = &synthetic_truth;
    fit(&fixture, truth, SYNTHETIC_NODE);
    const struct node_profile *node = &fixture.document.fitted.node;
    assert_true(fixture.document.fitted.has[PART_NODE]);
    assert_false(fixture.document.fitted.has[PART_MPI]);
    assert_found("mnk", &node->dgemm.mnk_s, truth->dgemm_mnk_s, 0.02);
    assert_found("dgemm", &node->rate_flops[WORK_DGEMM].alone, 2.0 / truth->dgemm_mnk_s, 0.02);
    assert_found("dgemm full", &node->rate_flops[WORK_DGEMM].full_node,
                 2.0 / truth->dgemm_mnk_s / truth->dgemm_full, 0.02);
    assert_found("scalar", &node->rate_flops[WORK_SCALAR].alone, truth->scalar_flops, 0.02);
    assert_found("integer", &node->rate_flops[WORK_INTEGER].full_node, truth->integer_flops, 0.02);
    assert_found("fft", &node->rate_flops[WORK_FFT].alone, truth->fft_flops, 0.02);
    assert_found("memory", &node->rate_flops[WORK_MEMORY].alone, truth->triad_flops, 0.02);
    assert_found("one", &node->memory_bandwidth_one_Bps, truth->memory_one_Bps, 0.02);
    assert_found("all", &node->memory_bandwidth_all_Bps, truth->memory_all_Bps, 0.02);
    assert_found("latency", &node->memory_latency_s, truth->memory_latency_s, 0.02);
    assert_found("at once", &node->accesses_at_once, truth->at_once, 0.03);
    assert_found("strided", &node->strided_extra_B, truth->strided_extra_B, 0.05);
    assert_int_equal(node->n_cores_per_socket, 2);
    gsl_test_rel(node->cache.core_B, 524288.0, 1e-9, "core cache");
    gsl_test_rel(node->cache.socket_B, 8388608.0, 1e-9, "socket cache");
    release(&fixture);
}

/* Guests send 2.3 us and travel 31 us longer, their bytes take 1.4 and their computing 1.13 times
 * as long. */
static void what_guests_add_comes_back(void **state)
{
    (void)state;
    struct synthetic truth = synthetic_truth;
    struct raw *bare = synthetic_raw(&truth, SYNTHETIC_ALL);
    truth.guest_send_s = 2.3e-6;
    truth.guest_latency_s = 31e-6;
    truth.guest_slowdown = 1.4;
    truth.guest_compute = 1.13;
    truth.seed = 2;
    struct raw *guests = synthetic_raw(&truth, SYNTHETIC_ALL);
    struct dataset *native, *virtual;
    struct fit_document document;
    char reason[256];
    assert_int_equal(dataset_new(1, &bare, false, &native), 0);
    assert_int_equal(dataset_new(1, &guests, false, &virtual), 0);
    assert_int_equal(fit_document_make(native, virtual, &options, &document, reason, sizeof reason),
                     0);
    const struct virt_profile *technology = &document.fitted.technology;
    assert_true(document.fitted.has[PART_TECHNOLOGY]);
    for (int class = 0; class < N_WORK_CLASS; class ++)
        assert_found("efficiency", &technology->efficiency[class].alone, 1.0 / 1.13, 0.02);
    assert_found("send", &technology->sizes.items[0].send_message_s, 2.3e-6, 0.05);
    assert_found("latency", &technology->sizes.items[0].latency_s, 31e-6, 0.05);
    assert_simulates(virtual, &truth, &document.profiles,
                     document.profiles.profiles[PART_TECHNOLOGY]->values);
    int n_told = 0;
    for (const struct note *note = document.fitted.notes; note; note = note->next)
        n_told += note->part == PART_TECHNOLOGY && strstr(note->text, "overhead of 1") != NULL;
    assert_true(n_told >= 5);
    fit_document_release(&document);
    dataset_free(native);
    dataset_free(virtual);
}

/* Two guests of one host: a path that bare nodes do not have, on top of the library's CPU times. */
static void the_way_between_guests_of_a_host_comes_back(void **state)
{
    (void)state;
    struct synthetic truth = synthetic_truth;
    struct raw *bare = synthetic_raw(&truth, SYNTHETIC_ALL);
    truth.far = RAW_SAME_HOST;
    truth.latency_s = 43e-6;
    truth.bandwidth_Bps = 310e6;
    truth.busy_factor = 1.83;
    truth.seed = 3;
    struct raw *guests = synthetic_raw(&truth, SYNTHETIC_ALL);
    struct dataset *native, *virtual;
    struct fit_document document;
    char reason[256];
    assert_int_equal(dataset_new(1, &bare, false, &native), 0);
    assert_int_equal(dataset_new(1, &guests, false, &virtual), 0);
    assert_int_equal(fit_document_make(native, virtual, &options, &document, reason, sizeof reason),
                     0);
    const struct virt_profile *technology = &document.fitted.technology;
    assert_int_equal(technology->backend.scope, BACKEND_PER_VM);
    assert_found("busy factor", &technology->backend.busy_factor, 1.83, 0.03);
    assert_found("latency", &technology->same_host.latency_s, 43e-6, 0.03);
    assert_simulates(virtual, &truth, &document.profiles,
                     document.profiles.profiles[PART_TECHNOLOGY]->values);
    fit_document_release(&document);
    dataset_free(native);
    dataset_free(virtual);
}

static void times_of_no_machine_make_no_profile_that_is_refused(void **state)
{
    (void)state;
    static const double scales[] = {1e-45, 1e-25, 1e25, 1e45, 1e120};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        struct fixture fixture;
        struct synthetic truth = synthetic_truth;
        truth.scale = scales[i];
        truth.n_launches = 1;
        truth.n_sizes = 12;
        fit(&fixture, &truth, SYNTHETIC_ALL);
        for (int part = 0; part < N_FIT_PARTS; part++)
            assert_true(fixture.document.fitted.has[part] ==
                        (fixture.document.profiles.profiles[part] != NULL));
        release(&fixture);
    }
}

static void refused_launches_are_left_out_unless_forced(void **state)
{
    (void)state;
    for (int is_forced = 0; is_forced < 2; is_forced++) {
        struct raw *raw = synthetic_raw(&synthetic_truth, SYNTHETIC_NODE);
        struct dataset *dataset;
        raw_add_remark(raw, &(struct raw_remark){1, true, "no-pinning", "ranks wander"});
        assert_int_equal(dataset_new(1, &raw, is_forced, &dataset), 0);
        const struct dataset_slice slice =
            dataset_slice(dataset, RAW_SCALAR, RAW_NOWHERE, RAW_IDLE, 1);
        assert_int_equal(dataset_count_launches(&slice), is_forced ? 3 : 2);
        assert_int_equal(dataset->n_refused, is_forced ? 0 : 1);
        dataset_free(dataset);
    }
}

static void count_drift(const char *text, void *user)
{
    *(int *)user += strstr(text, "drift") != NULL;
}

static void launches_that_contradict_each_other_are_told(void **state)
{
    (void)state;
    for (int drifts = 0; drifts < 2; drifts++) {
        struct synthetic truth = synthetic_truth;
        truth.launch_shift = drifts ? 1.11 : 1.0;
        struct raw *raw = synthetic_raw(&truth, SYNTHETIC_NETWORK);
        struct dataset *dataset;
        int n = 0;
        assert_int_equal(dataset_new(1, &raw, false, &dataset), 0);
        dataset_warn(dataset, count_drift, &n);
        assert_int_equal(n > 0, drifts);
        dataset_free(dataset);
    }
}

static void count_states(const char *text, void *user)
{
    *(int *)user += strstr(text, "two states") != NULL;
}

/* A hypervisor moves a vCPU: from the third block on messages take 1.9 times as long. */
static void a_machine_that_changes_while_it_is_measured_is_told(void **state)
{
    (void)state;
    for (int changes = 0; changes < 2; changes++) {
        struct raw *raw = synthetic_raw(&synthetic_truth, SYNTHETIC_NETWORK);
        struct dataset *dataset;
        int n = 0;
        for (int i = 0; i < raw->n_visits && changes; i++)
            for (int j = 0; j < raw->visits[i].n && raw->visits[i].block >= 2; j++)
                raw->visits[i].times_s[j] *= 1.9;
        assert_int_equal(dataset_new(1, &raw, false, &dataset), 0);
        dataset_warn(dataset, count_states, &n);
        assert_int_equal(n > 0, changes);
        dataset_free(dataset);
    }
}

static void short_messages_are_told_in_the_words_of_loggp(void **state)
{
    (void)state;
    struct raw *raw = synthetic_raw(&synthetic_truth, SYNTHETIC_NETWORK);
    struct dataset *dataset;
    struct fit_document document;
    char reason[512] = "";
    int n = 0;
    const struct fit_options how = {.resampling = {0, 1}, .skips_operations = true};
    assert_int_equal(dataset_new(1, &raw, false, &dataset), 0);
    assert_int_equal(fit_document_make(dataset, NULL, &how, &document, reason, sizeof reason), 0);
    for (const struct note *note = document.fitted.notes; note; note = note->next)
        n += note->kind == NOTE_FACT && strncmp(note->text, "LogGP of eager messages", 23) == 0;
    assert_int_equal(n, 2); /* between hosts, and within one */
    fit_document_release(&document);
    dataset_free(dataset);
}

static void nothing_measured_makes_no_profile_and_says_why(void **state)
{
    (void)state;
    struct raw *raw = synthetic_raw(&synthetic_truth, 0);
    struct dataset *dataset = NULL;
    assert_int_equal(dataset_new(1, &raw, false, &dataset), -ENODATA);
    dataset_free(dataset);
}

static void values_have_the_digits_that_their_interval_deserves(void **state)
{
    (void)state;
    const struct {
        double value, half;
        int digits;
    } cases[] = {{1.0, 0.5, 3}, {1.0, 0.01, 4}, {1.0, 1e-5, 6}, {7.3e9, 0.0, 4}, {0.0, 1.0, 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parameter parameter = parameter_exact(cases[i].value);
        parameter.ci95_lo -= cases[i].half;
        parameter.ci95_hi += cases[i].half;
        assert_int_equal(parameter_digits(&parameter), cases[i].digits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_pool_visits_of_all_launches),
        cmocka_unit_test(a_file_says_the_same_as_what_was_measured),
        cmocka_unit_test(a_network_comes_back),
        cmocka_unit_test(the_simulated_ping_pong_is_the_measured_one),
        cmocka_unit_test(a_node_comes_back),
        cmocka_unit_test(what_guests_add_comes_back),
        cmocka_unit_test(the_way_between_guests_of_a_host_comes_back),
        cmocka_unit_test(times_of_no_machine_make_no_profile_that_is_refused),
        cmocka_unit_test(refused_launches_are_left_out_unless_forced),
        cmocka_unit_test(launches_that_contradict_each_other_are_told),
        cmocka_unit_test(short_messages_are_told_in_the_words_of_loggp),
        cmocka_unit_test(a_machine_that_changes_while_it_is_measured_is_told),
        cmocka_unit_test(nothing_measured_makes_no_profile_and_says_why),
        cmocka_unit_test(values_have_the_digits_that_their_interval_deserves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
