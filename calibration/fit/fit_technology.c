/*
 * fit_technology.c - what virtualization adds: the same cells on bare nodes and in guests.
 *
 * The guests are fitted by themselves first, as if they were nodes. What they compute slower is an
 * efficiency; what messages take longer is fitted as pieces on top of the bare nodes' simulated
 * ping-pong. The way between two guests of one host, which bare nodes do not have, is fitted as a
 * path of its own on top of the library's CPU times. A backend shows in what computing beside it
 * does to long messages.
 */
#include "fit_node.h"
#include "pairing.h"
#include "profile_text.h"
#include "sim/input/unit.h"
#include "visits.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Long messages are those whose time is bytes. */
static const double long_B = 65536.0, short_B = 1024.0;

/* --- quotients ----------------------------------------------------------------------------------
 */

/* a / b of independent estimates: relative half-widths add as squares. */
static struct estimate quotient(const struct parameter *a, const struct parameter *b)
{
    const double value = a->value / b->value;
    const double up = hypot(a->ci95_hi / a->value - 1.0, b->value / b->ci95_lo - 1.0);
    const double down = hypot(a->value / a->ci95_lo - 1.0, b->ci95_hi / b->value - 1.0);
    return (struct estimate){value, value / (1.0 + down), value * (1.0 + up)};
}

static bool are_known(const struct parameter *a, const struct parameter *b)
{
    return a->source && b->source && a->value > 0.0 && b->value > 0.0 && a->ci95_lo > 0.0 &&
           b->ci95_lo > 0.0;
}

static void set_quotient(struct parameter *to, const struct parameter *of_guest,
                         const struct parameter *of_node)
{
    static const double least = 1e-6, most = 10.0; /* that a profile may have */
    if (are_known(of_guest, of_node))
        *to = fitted_parameter(estimate_within(quotient(of_guest, of_node), least, most),
                               of_guest->source);
}

/* --- computing ----------------------------------------------------------------------------------
 */

/* Guests on all cores are of one vCPU, or of several. */
static struct parameter *on_full_node(const struct fitted *fitted, struct efficiency *efficiency)
{
    return fitted->n_vcpus > 1 ? &efficiency->smp_guest : &efficiency->full_node;
}

static void set_efficiencies(struct fitted *fitted, const struct fitted *guest)
{
    struct virt_profile *technology = &fitted->technology;
    for (int class = 0; class < N_WORK_CLASS; class ++) {
        struct efficiency *to = &technology->efficiency[class];
        const struct core_rate *of_guest = &guest->node.rate_flops[class];
        const struct core_rate *of_node = &fitted->node.rate_flops[class];
        if (class == WORK_MEMORY)
            continue;
        set_quotient(&to->alone, &of_guest->alone, &of_node->alone);
        set_quotient(on_full_node(fitted, to), &of_guest->full_node, &of_node->full_node);
    }
    struct efficiency *memory = &technology->efficiency[WORK_MEMORY];
    set_quotient(&memory->alone, &guest->node.memory_bandwidth_one_Bps,
                 &fitted->node.memory_bandwidth_one_Bps);
    set_quotient(on_full_node(fitted, memory), &guest->node.memory_bandwidth_all_Bps,
                 &fitted->node.memory_bandwidth_all_Bps);
    set_quotient(&technology->access_efficiency.alone, &fitted->node.memory_latency_s,
                 &guest->node.memory_latency_s);
}

/* Detours of the guest beyond those of the node, as many of its lengths. */
static void set_noise(struct fitted *fitted, const struct fitted *guest)
{
    const struct noise_profile *of_guest = &guest->node.noise, *of_node = &fitted->node.noise;
    struct noise_profile *to = &fitted->technology.noise;
    if (!of_guest->length_s.source || !of_node->length_s.source || of_guest->length_s.value <= 0.0)
        return;
    const double node_Hz =
        of_node->rate_Hz.value * of_node->length_s.value / of_guest->length_s.value;
    const struct estimate rate_Hz = {of_guest->rate_Hz.value - node_Hz,
                                     of_guest->rate_Hz.ci95_lo - node_Hz,
                                     of_guest->rate_Hz.ci95_hi - node_Hz};
    to->rate_Hz = fitted_parameter(estimate_within(rate_Hz, 0.0, 1e6), of_guest->rate_Hz.source);
    to->length_s = of_guest->length_s;
    to->spread = of_guest->spread;
}

/* --- messages -----------------------------------------------------------------------------------
 */

static struct network network_of(const struct fitted *fitted)
{
    return (struct network){.node = &fitted->node,
                            .link = &fitted->link,
                            .mpi = &fitted->mpi,
                            .virt = &fitted->technology,
                            .n_vcpus = fitted->n_vcpus};
}

static const char *way_source(const struct fitted *guest, enum raw_path path, const char *what)
{
    const struct dataset_slice slice =
        dataset_slice(guest->dataset, RAW_PINGPONG, path, RAW_IDLE, 0);
    return fitted_source(guest, &slice, what);
}

static int fit_between_hosts(struct fitted *fitted, const struct fitted *guest)
{
    const struct network network = network_of(fitted);
    const struct path_base base = {&network, PATH_OTHER_HOST, true};
    const struct path_request request = {.path = RAW_OTHER_HOST,
                                         .load = RAW_IDLE,
                                         .eager_threshold_B = fitted->mpi.eager_threshold_B,
                                         .resampling = fitted->resampling,
                                         .base = &base};
    struct path_fit fit;
    if (!fitted->has[PART_LINK] || fitted->remote_path != RAW_OTHER_HOST)
        return -ENODATA;
    const int status = path_fit(guest->dataset, &request, &fit);
    if (status == 0)
        fitted_pieces(&fit,
                      way_source(guest, RAW_OTHER_HOST, "ping-pong beyond that of bare nodes"),
                      &fitted->technology.sizes);
    return status;
}

static int fit_within_host(struct fitted *fitted, const struct fitted *guest)
{
    const struct network network = network_of(fitted);
    const struct path_base base = {&network, PATH_SAME_HOST, false};
    const struct path_request request = {.path = RAW_SAME_HOST,
                                         .load = RAW_IDLE,
                                         .eager_threshold_B = fitted->mpi.eager_threshold_B,
                                         .resampling = fitted->resampling,
                                         .base = &base};
    struct same_host_path *to = &fitted->technology.same_host;
    struct path_fit fit;
    const int status = path_fit(guest->dataset, &request, &fit);
    if (status != 0)
        return status;
    const char *source = way_source(guest, RAW_SAME_HOST, "ping-pong between guests of one host");
    to->latency_s =
        fitted_parameter_in(fit.latency_s, source, fit.validity_B[0], fit.validity_B[1]);
    to->bandwidth_Bps =
        fitted_parameter_in(fit.bandwidth_Bps, source, fit.validity_B[0], fit.validity_B[1]);
    fitted_pieces(&fit, source, &to->sizes);
    return 0;
}

/* --- the backend --------------------------------------------------------------------------------
 */

/* Ratios of long messages beside load and without, a number for each visit under load. */
static struct estimate busy_ratio(const struct fitted *guest, enum raw_path path)
{
    const struct dataset_slice idle =
        dataset_slice(guest->dataset, RAW_PINGPONG, path, RAW_IDLE, 0);
    const struct dataset_slice busy =
        dataset_slice(guest->dataset, RAW_PINGPONG, path, RAW_BUSY, 0);
    const size_t room = (size_t)dataset_count_visits(&busy) + 1;
    double *ratios = calloc(room, sizeof *ratios);
    int *groups = calloc(room, sizeof *groups);
    struct estimate ratio = estimate_alone(NAN);
    int n = 0;
    for (int i = 0; i < busy.n && ratios && groups; i++)
        for (int j = 0; j < idle.n && busy.points[i].size_B >= long_B; j++)
            for (int k = 0;
                 k < busy.points[i].n_visits && idle.points[j].size_B == busy.points[i].size_B;
                 k++) {
                ratios[n] = busy.points[i].visits[k].median_s / idle.points[j].location_s;
                groups[n++] = dataset_block(&busy.points[i].visits[k]);
            }
    if (n > 0)
        ratio = median_estimate(n, ratios, groups, NULL, &guest->resampling);
    free(ratios);
    free(groups);
    return ratio;
}

/* A backend that is as fast as the wire on an idle host, and slower beside computing guests. */
static void fit_backend(struct fitted *fitted, const struct fitted *guest)
{
    struct backend *backend = &fitted->technology.backend;
    const struct dataset_slice far =
        dataset_slice(guest->dataset, RAW_PINGPONG, RAW_OTHER_HOST, RAW_BUSY, 0);
    const enum raw_path path = far.n > 0 ? RAW_OTHER_HOST : RAW_SAME_HOST;
    const struct estimate ratio = busy_ratio(guest, path);
    if (fitted->technology.kind != VIRT_HYPERVISOR || !isfinite(ratio.value)) {
        if (!isfinite(ratio.value))
            fitted_note(fitted, NOTE_MISSING, PART_TECHNOLOGY,
                        "what computing beside it does to long messages: measure guests idle and "
                        "busy");
        return;
    }
    const char *source = way_source(guest, path, "long messages beside load and without");
    backend->scope = strcmp(guest->machine.layer, "xen") == 0 ? BACKEND_PER_NODE : BACKEND_PER_VM;
    backend->busy_factor = fitted_parameter(estimate_within(ratio, 1.0, 1000.0), source);
    backend->busy_smp_factor = backend->busy_factor;
    if (path == RAW_OTHER_HOST && fitted->has[PART_LINK]) {
        backend->byte_s = assumed_parameter(1.0 / network_wire_Bps(&fitted->link),
                                            1.0 / network_wire_Bps(&fitted->link),
                                            1.0 / network_wire_Bps(&fitted->link),
                                            "as fast as the wire: an idle host does not show it");
        backend->byte_smp_s = backend->byte_s;
    }
}

/* --- verdicts -----------------------------------------------------------------------------------
 */

static int tell_verdict(struct fitted *fitted, const struct fitted *guest, const char *mechanism,
                        const struct pairing *pairing)
{
    struct equivalence result;
    char words[128];
    const int status = pairing_test(fitted->dataset, guest->dataset, pairing, &result);
    if (status != 0)
        return status == -ENOMEM ? status : 0;
    equivalence_words(words, sizeof words, &result, EQUIVALENCE_MARGIN);
    fitted_note(fitted, NOTE_FACT, PART_TECHNOLOGY, "%s: %s", mechanism, words);
    return 0;
}

/* "+31.2 us (30.1 us .. 32.4 us)" */
static void added_words(enum dimension dimension, const struct estimate *added, char words[160])
{
    char value[QUANTITY_TEXT_B], lo[QUANTITY_TEXT_B], hi[QUANTITY_TEXT_B];
    quantity_text(dimension, added->value, 3, value);
    quantity_text(dimension, added->ci95_lo, 3, lo);
    quantity_text(dimension, added->ci95_hi, 3, hi);
    if (isfinite(added->ci95_lo) && isfinite(added->ci95_hi))
        snprintf(words, 160, "%s (%s .. %s)", value, lo, hi);
    else
        snprintf(words, 160, "%s", value);
}

/* What is added to each message and to each byte, over the sizes that are not told to wait. */
static int tell_overhead(struct fitted *fitted, const struct fitted *guest)
{
    const struct pairing pairing = {
        RAW_PINGPONG, fitted->remote_path,          guest->remote_path, 0,
        0.0,          fitted->mpi.eager_threshold_B};
    struct overhead overhead;
    char message[160], byte[160];
    if (!fitted->has_remote || !guest->has_remote)
        return 0;
    const int status =
        pairing_overhead(fitted->dataset, guest->dataset, &pairing, &fitted->resampling, &overhead);
    if (status != 0)
        return status == -ENOMEM ? status : 0;
    added_words(DIMENSION_TIME, &overhead.message_s, message);
    added_words(DIMENSION_TIME_PER_BYTE, &overhead.byte_s, byte);
    fitted_note(fitted, NOTE_FACT, PART_TECHNOLOGY, "eager messages take longer by %s each and %s",
                message, byte);
    return 0;
}

static int tell_verdicts(struct fitted *fitted, const struct fitted *guest)
{
    static const enum raw_operation computing[] = {
        RAW_DGEMM, RAW_SCALAR, RAW_FFT, RAW_INTEGER, RAW_TRIAD, RAW_ACCESS_CHAIN, RAW_ACCESS};
    const enum raw_path near = fitted->remote_path, far = guest->remote_path;
    const struct {
        const char *words;
        struct pairing pairing;
    } messages[] = {
        {"calls of MPI_Send", {RAW_SEND, near, far, 0, 0.0, long_B}},
        {"calls of MPI_Recv", {RAW_RECV, near, far, 0, 0.0, long_B}},
        {"short messages", {RAW_PINGPONG, near, far, 0, 0.0, short_B}},
        {"long messages", {RAW_PINGPONG, near, far, 0, long_B, INFINITY}},
        {"messages within one system",
         {RAW_PINGPONG, RAW_SAME_DOMAIN, RAW_SAME_DOMAIN, 0, 0.0, INFINITY}},
    };
    int status = 0;
    for (size_t i = 0; i < sizeof computing / sizeof *computing && status == 0; i++)
        for (int n_active = 1; n_active <= 2 && status == 0; n_active++) {
            const int n_most =
                dataset_most_active(guest->dataset, computing[i], RAW_NOWHERE, RAW_IDLE);
            const struct pairing pairing = {
                computing[i], RAW_NOWHERE, RAW_NOWHERE, n_active == 1 ? 1 : n_most, 0.0, INFINITY};
            if (n_active == 2 && n_most < 2)
                continue;
            status =
                tell_verdict(fitted, guest,
                             arena_format(fitted->arena, "%s %s", raw_operation_names[computing[i]],
                                          n_active == 1 ? "alone" : "on all cores"),
                             &pairing);
        }
    for (size_t i = 0; i < sizeof messages / sizeof *messages && status == 0; i++)
        if (fitted->has_remote || i + 1 == sizeof messages / sizeof *messages)
            status = tell_verdict(fitted, guest, messages[i].words, &messages[i].pairing);
    return status;
}

/* --- the profile --------------------------------------------------------------------------------
 */

static int fit_guest(struct fitted *guest)
{
    const int status = fit_network(guest);
    if (status != 0)
        return status;
    fit_mpi(guest);
    fit_link(guest);
    return fit_node(guest);
}

static void set_layout(struct fitted *fitted, const struct fitted *guest)
{
    const struct dataset *dataset = guest->dataset;
    const int n_hosts = dataset->n_hosts > 0 ? dataset->n_hosts : 1;
    const int n_guests = (dataset->n_domains + n_hosts - 1) / n_hosts;
    fitted->n_guests_per_host = n_guests > 0 ? n_guests : 1;
    fitted->n_vcpus = guest->machine.n_cores > 0
                          ? guest->machine.n_cores
                          : dataset_ranks_per_host(dataset) / fitted->n_guests_per_host;
    fitted->technology.kind =
        strcmp(guest->machine.layer_type, "container") == 0 ? VIRT_CONTAINER : VIRT_HYPERVISOR;
    fitted->technology.name = arena_format(fitted->arena, "%s-guests", fitted->name);
    fitted->technology.title =
        arena_format(fitted->arena, "%s of %d vCPU, against the same nodes bare",
                     guest->machine.layer[0] ? guest->machine.layer : "guests", fitted->n_vcpus);
}

static int fit_messages(struct fitted *fitted, const struct fitted *guest)
{
    fit_backend(fitted, guest);
    if (!fitted->has[PART_MPI]) {
        fitted_note(fitted, NOTE_MISSING, PART_TECHNOLOGY,
                    "what messages take longer: the bare nodes have no ping-pong");
        return 0;
    }
    const int far = fit_between_hosts(fitted, guest);
    const int near = far == -ENOMEM ? far : fit_within_host(fitted, guest);
    if (near == -ENOMEM)
        return near;
    if (far != 0 && near != 0)
        fitted_note(fitted, NOTE_MISSING, PART_TECHNOLOGY,
                    "what messages between guests take longer: measure guests on two hosts, or "
                    "two of one, and bare nodes in the same way");
    return 0;
}

int fit_technology(struct fitted *fitted, const struct dataset *virtual)
{
    struct fitted guest = {.arena = fitted->arena,
                           .dataset = virtual,
                           .resampling = fitted->resampling,
                           .machine = machine_read(dataset_environment(virtual)),
                           .name = fitted->name};
    int status = fit_guest(&guest);
    fitted->guests = virtual;
    if (status != 0)
        return status;
    set_layout(fitted, &guest);
    set_efficiencies(fitted, &guest);
    set_noise(fitted, &guest);
    status = fit_messages(fitted, &guest);
    if (status == 0)
        status = tell_verdicts(fitted, &guest);
    if (status == 0)
        status = tell_overhead(fitted, &guest);
    fitted->has[PART_TECHNOLOGY] = status == 0 && fitted->technology.name;
    return status;
}
