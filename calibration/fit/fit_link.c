/*
 * fit_link.c - a link's profile: what the fastest messages between two nodes show of the wire.
 */
#include "fitted.h"

void fit_link(struct fitted *fitted)
{
    struct link_profile *link = &fitted->link;
    if (!fitted->has_remote) {
        fitted_note(fitted, NOTE_MISSING, PART_LINK,
                    "no ping-pong between two operating systems: measure with ranks on two nodes");
        return;
    }
    const struct dataset_slice slice =
        dataset_slice(fitted->dataset, RAW_PINGPONG, fitted->remote_path, RAW_IDLE, 0);
    const struct packets *packets = &fitted->remote.packets;
    const double *valid_B = fitted->remote.validity_B;
    const char *source = fitted_source(
        fitted, &slice, "ping-pong less send and receive, fastest piece of all sizes");
    link->latency_s = fitted_parameter_in(fitted->remote.latency_s, source, valid_B[0], valid_B[1]);
    link->bandwidth_Bps =
        fitted_parameter_in(fitted->remote.bandwidth_Bps, source, valid_B[0], valid_B[1]);
    link->packet_header_B = packets->payload_B > 0.0 ? PACKET_HEADER_B : 0.0;
    link->frame_overhead_B = packets->overhead_B - link->packet_header_B;
    if (packets->payload_B > 0.0)
        link->mtu_B = packets->payload_B + PACKET_HEADER_B;
    link->name = arena_format(fitted->arena, "%s-link", fitted->name);
    link->title = arena_format(fitted->arena, "between %s, as ping-pongs show it",
                               fitted->remote_path == RAW_OTHER_HOST
                                   ? "hosts"
                                   : "operating systems of one host, each taken for a node");
    fitted->has[PART_LINK] = link->name != NULL;
    if (fitted->remote_path == RAW_SAME_HOST)
        fitted_note(fitted, NOTE_WARNING, PART_LINK,
                    "all ranks were on one physical host: the link is the way between its "
                    "operating systems");
}
