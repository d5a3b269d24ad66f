/*
 * fit_mpi.c - an MPI library's profile: CPU times of messages, thresholds, the way within one
 * operating system, what its name says.
 */
#include "fitted.h"
#include "visits.h"

#include "models/collective.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Ethernet: what a link profile takes for granted too. */
static const double usual_mtu_B = 1500.0, frame_B = 38.0;

/* The library's threshold where nobody found one. */
static const double usual_threshold_B = 65536.0;

/* --- thresholds ---------------------------------------------------------------------------------
 */

/* Better methods first: what it does, what it says, what times look like. */
static const char *const methods[] = {"semantic", "mpi_t", "statistical", NULL};

/* The largest eager message that one method found, the median over launches; NAN: none. */
static double found_by(const struct dataset *dataset, enum raw_path path, const char *method)
{
    double found_B[64];
    int n = 0;
    for (int i = 0; i < dataset->n_raws; i++) {
        const struct raw *raw = dataset->raws[i];
        for (int j = 0; j < raw->n_thresholds && n < (int)(sizeof found_B / sizeof *found_B); j++) {
            const struct raw_threshold *threshold = &raw->thresholds[j];
            if (threshold->path == path && strcmp(threshold->kind, "eager") == 0 &&
                strcmp(threshold->method, method) == 0 &&
                dataset_uses(dataset, raw, threshold->launch))
                found_B[n++] = threshold->from_B;
        }
    }
    return n > 0 ? median_of(n, found_B) : NAN;
}

static double find_threshold_B(const struct dataset *dataset, enum raw_path path)
{
    double found_B = NAN;
    for (int i = 0; methods[i] && isnan(found_B); i++)
        found_B = found_by(dataset, path, methods[i]);
    return found_B;
}

/*
 * Of a path without a finding: the breakpoint at which half a round trip jumps up most, as the
 * handshake comes on top; NAN where none jumps by a tenth.
 */
static double threshold_of_jump_B(const struct path_fit *fit)
{
    static const double least_jump = 1.1;
    double threshold_B = NAN, most = least_jump;
    for (int piece = 1; piece < fit->n; piece++) {
        const double from_B = fit->piece[piece].from_B;
        const double jump = path_fit_time_s(fit, from_B) / path_fit_time_s(fit, from_B - 1.0);
        if (jump > most) {
            most = jump;
            threshold_B = from_B - 1.0;
        }
    }
    return threshold_B;
}

/* --- paths --------------------------------------------------------------------------------------
 */

static int fit_path_of(struct fitted *fitted, struct path_request *request, double *threshold_B,
                       struct path_fit *fit)
{
    const double found_B = find_threshold_B(fitted->dataset, request->path);
    request->eager_threshold_B = isnan(found_B) ? INFINITY : found_B;
    int status = path_fit(fitted->dataset, request, fit);
    *threshold_B = found_B;
    if (status != 0 || !isnan(found_B))
        return status;
    const double jump_B = threshold_of_jump_B(fit);
    if (isnan(jump_B))
        return 0;
    *threshold_B = jump_B;
    request->eager_threshold_B = jump_B;
    return path_fit(fitted->dataset, request, fit);
}

static void note_calls(struct fitted *fitted, const struct path_fit *fit, enum raw_path path)
{
    if (!fit->has_send || !fit->has_recv)
        fitted_note(fitted, NOTE_MISSING, PART_MPI,
                    "%s: nobody timed calls of %s, so its CPU time is part of the way: measure "
                    "with --only pingpong,send,isend,recv",
                    raw_path_names[path],
                    fit->has_send   ? "MPI_Recv"
                    : fit->has_recv ? "MPI_Send"
                                    : "either side");
    if (fit->bandwidth_Bps.value * fit->piece[0].slowdown.ci95_lo <= 0.0)
        fitted_note(fitted, NOTE_WARNING, PART_LINK,
                    "%s: no message is long enough to tell a "
                    "bandwidth",
                    raw_path_names[path]);
}

/* A simulator that was measured does not cut messages. */
static struct packets wire_packets(const struct fitted *fitted)
{
    const json_t *launch = dataset_launch_text(fitted->dataset);
    const double mtu_B = fitted->machine.mtu_B > 0.0 ? fitted->machine.mtu_B : usual_mtu_B;
    if (json_is_true(json_object_get(launch, "is_simulated")))
        return (struct packets){.payload_B = 0.0};
    return (struct packets){mtu_B - PACKET_HEADER_B, PACKET_HEADER_B + frame_B};
}

int fit_network(struct fitted *fitted)
{
    struct path_request remote = {.path = RAW_OTHER_HOST,
                                  .load = RAW_IDLE,
                                  .packets = wire_packets(fitted),
                                  .resampling = fitted->resampling};
    struct path_request local = {
        .path = RAW_SAME_DOMAIN, .load = RAW_IDLE, .resampling = fitted->resampling};
    int status = fit_path_of(fitted, &remote, &fitted->mpi.eager_threshold_B, &fitted->remote);
    if (status == -ENODATA) {
        remote.path = RAW_SAME_HOST;
        status = fit_path_of(fitted, &remote, &fitted->mpi.eager_threshold_B, &fitted->remote);
    }
    fitted->has_remote = status == 0;
    fitted->remote_path = remote.path;
    if (status == -ENOMEM)
        return status;
    status = fit_path_of(fitted, &local, &fitted->mpi.local_eager_threshold_B, &fitted->local);
    fitted->has_local = status == 0;
    if (fitted->has_remote)
        note_calls(fitted, &fitted->remote, remote.path);
    if (fitted->has_local)
        note_calls(fitted, &fitted->local, RAW_SAME_DOMAIN);
    return status == -ENOMEM ? status : 0;
}

/* --- pieces -------------------------------------------------------------------------------------
 */

static struct message_piece piece_of(const struct path_fit *fit, int number, const char *source)
{
    const struct path_piece *piece = &fit->piece[number];
    const double lo_B = fmax(piece->from_B, fit->validity_B[0]);
    const double hi_B =
        number + 1 < fit->n ? fit->piece[number + 1].from_B - 1.0 : fit->validity_B[1];
    const double valid_lo_B = fmin(lo_B, hi_B);
    return (struct message_piece){
        .from_B = round(piece->from_B),
        .send_message_s = fitted_parameter_in(piece->send_message_s, source, valid_lo_B, hi_B),
        .send_byte_s = fitted_parameter_in(piece->send_byte_s, source, valid_lo_B, hi_B),
        .recv_message_s = fitted_parameter_in(piece->recv_message_s, source, valid_lo_B, hi_B),
        .recv_byte_s = fitted_parameter_in(piece->recv_byte_s, source, valid_lo_B, hi_B),
        .latency_s = fitted_parameter_in(piece->latency_s, source, valid_lo_B, hi_B),
        .slowdown = fitted_parameter_in(estimate_within(piece->slowdown, 1.0, 1000.0), source,
                                        valid_lo_B, hi_B),
        .spread = fitted_parameter(estimate_alone(fmin(piece->spread, 10.0)), source),
    };
}

void fitted_pieces(const struct path_fit *fit, const char *source, struct message_pieces *pieces)
{
    pieces->n = fit->n;
    for (int i = 0; i < fit->n; i++)
        pieces->items[i] = piece_of(fit, i, source);
}

/* --- what the library's name says ---------------------------------------------------------------
 */

static const struct {
    const char *word; /* in the library's own version text */
    const char *collectives;
} libraries[] = {{"Open MPI v1.", "open-mpi-1.4"}, {"Open MPI", "open-mpi-4.1"},
                 {"MVAPICH", "mvapich2-1.9"},      {"Intel(R) MPI", "intel-mpi-4.1"},
                 {"MPICH", "mpich2-1.0"},          {"SMPI", "open-mpi-4.1"}};

static int collectives_number(const char *name)
{
    for (int i = 0; collective_library_names[i]; i++)
        if (strcmp(collective_library_names[i], name) == 0)
            return i;
    return 0;
}

static void set_library(struct fitted *fitted)
{
    const json_t *mpi = json_object_get(dataset_launch_text(fitted->dataset), "mpi");
    const char *library = json_string_value(json_object_get(mpi, "library"));
    fitted->mpi.wait = MPI_WAIT_POLLS; /* all of these do unless they are told otherwise */
    fitted->mpi.collectives = collectives_number("open-mpi-4.1");
    for (size_t i = 0; library && i < sizeof libraries / sizeof *libraries; i++)
        if (strstr(library, libraries[i].word)) {
            fitted->mpi.collectives = collectives_number(libraries[i].collectives);
            fitted->mpi.title =
                arena_format(fitted->arena, "%.*s", (int)strcspn(library, ",\n"), library);
            return;
        }
    fitted_note(fitted, NOTE_WARNING, PART_MPI,
                "nobody here knows the MPI library%s%.60s%s: its collectives are taken for Open "
                "MPI's",
                library ? " \"" : "", library ? library : "", library ? "\"" : "");
}

static void set_look(struct fitted *fitted)
{
    static const enum raw_path paths[] = {RAW_OTHER_HOST, RAW_SAME_HOST, RAW_SAME_DOMAIN,
                                          RAW_ALL_RANKS, RAW_NOWHERE};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const struct dataset_slice slice =
            dataset_slice(fitted->dataset, RAW_LOOK, paths[i], RAW_IDLE, 0);
        if (slice.n == 0)
            continue;
        fitted->mpi.look_s =
            fitted_parameter(dataset_location(&slice.points[0], &fitted->resampling),
                             fitted_source(fitted, &slice, "MPI_Test in vain"));
        return;
    }
    fitted_note(fitted, NOTE_MISSING, PART_MPI,
                "what an MPI_Test in vain costs: measure with --only look");
}

/* --- the profile --------------------------------------------------------------------------------
 */

static const char *path_source(const struct fitted *fitted, enum raw_path path)
{
    const struct dataset_slice slice =
        dataset_slice(fitted->dataset, RAW_PINGPONG, path, RAW_IDLE, 0);
    return fitted_source(fitted, &slice,
                         path == RAW_SAME_DOMAIN
                             ? "ping-pong, send and receive within one operating system"
                             : "ping-pong, send and receive between operating systems");
}

static void set_remote(struct fitted *fitted)
{
    struct mpi_profile *mpi = &fitted->mpi;
    if (!fitted->has_remote)
        return;
    fitted_pieces(&fitted->remote, path_source(fitted, fitted->remote_path), &mpi->sizes);
}

static void set_local(struct fitted *fitted)
{
    struct mpi_profile *mpi = &fitted->mpi;
    if (fitted->has_local) {
        const char *source = path_source(fitted, RAW_SAME_DOMAIN);
        const double *valid_B = fitted->local.validity_B;
        fitted_pieces(&fitted->local, source, &mpi->local_sizes);
        mpi->local_latency_s =
            fitted_parameter_in(fitted->local.latency_s, source, valid_B[0], valid_B[1]);
        mpi->local_bandwidth_Bps =
            fitted_parameter_in(fitted->local.bandwidth_Bps, source, valid_B[0], valid_B[1]);
        return;
    }
    mpi->local_latency_s = assumed_parameter(
        0.5e-6, 0.2e-6, 2e-6, "assumed: no two ranks were under one operating system");
    mpi->local_bandwidth_Bps =
        assumed_parameter(5e9, 2e9, 12e9, "assumed: no two ranks were under one operating system");
    fitted_note(fitted, NOTE_MISSING, PART_MPI,
                "the way between two ranks of one operating system is assumed: measure with two "
                "ranks on one node");
}

/* What a path without a threshold of its own takes. */
static void settle_thresholds(struct fitted *fitted)
{
    struct mpi_profile *mpi = &fitted->mpi;
    const bool knows_remote = fitted->has_remote && isfinite(mpi->eager_threshold_B);
    const bool knows_local = fitted->has_local && isfinite(mpi->local_eager_threshold_B);
    if (!knows_remote && fitted->has_remote)
        fitted_note(fitted, NOTE_WARNING, PART_MPI,
                    "no eager threshold was found between operating systems; %s is taken",
                    knows_local ? "that within one" : "64 KiB");
    if (!knows_remote)
        mpi->eager_threshold_B = knows_local ? mpi->local_eager_threshold_B : usual_threshold_B;
    if (!knows_local)
        mpi->local_eager_threshold_B = mpi->eager_threshold_B;
}

void fit_mpi(struct fitted *fitted)
{
    if (!fitted->has_remote && !fitted->has_local) {
        fitted_note(fitted, NOTE_MISSING, PART_MPI,
                    "no ping-pong of five sizes: measure with two ranks or more, --only "
                    "pingpong,send,isend,recv,look");
        return;
    }
    set_library(fitted);
    set_remote(fitted);
    set_local(fitted);
    settle_thresholds(fitted);
    set_look(fitted);
    fitted->mpi.name = arena_format(fitted->arena, "%s-mpi", fitted->name);
    fitted->has[PART_MPI] = fitted->mpi.name != NULL;
}
