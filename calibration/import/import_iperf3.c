/*
 * import_iperf3.c - iperf3's JSON: what arrived at the receiver, as a stream of blocks. iperf3 ends
 * with status 0 when it fails, and says so in `error`.
 */
#include "import_json.h"
#include "plausible.h"

#include <math.h>
#include <string.h>

static bool is_iperf3(const struct import_text *source)
{
    return memmem(source->text, source->length, "\"iperf ", 7) != NULL ||
           memmem(source->text, source->length, "\"sum_received\"", 14) != NULL ||
           memmem(source->text, source->length, "\"tcp_mss_default\"", 17) != NULL;
}

static void add_stream(struct import *import, const json_t *root)
{
    const double bps = import_json_number(root, "end.sum_received.bits_per_second");
    const double bytes = import_json_number(root, "end.sum_received.bytes");
    const double block_B = import_json_number(root, "start.test_start.blksize");
    const double n_streams = fmax(1.0, import_json_number(root, "start.test_start.num_streams"));
    if (!(bps > 0.0) || !(block_B > 0.0) || !(bytes >= block_B)) {
        import_complain(import, SEVERITY_ERROR, 0, 0,
                        "end.sum_received and start.test_start.blksize are needed",
                        "nothing arrived at the receiver");
        return;
    }
    const double n_blocks = floor(bytes / block_B);
    const struct raw_cell cell = {.operation = RAW_STREAM,
                                  .path = import->source.network,
                                  .size_B = block_B,
                                  .n_active = (int)fmin(2.0 * n_streams, 1e6),
                                  .partner = 1,
                                  .argument = {n_blocks}};
    const double time_s = n_blocks * block_B * 8.0 / bps;
    const char *reason = implausible(&cell, time_s / n_blocks);
    if (reason)
        import_complain(import, SEVERITY_WARNING, 0, 0, reason, "%.3g Gbit/s are not believed",
                        bps * 1e-9);
    else
        import_time(import, &cell, time_s);
}

static void read_iperf3(struct import *import)
{
    json_t *root = import_json(import);
    const char *failure = import_json_text(root, "error");
    if (failure[0])
        import_complain(import, SEVERITY_ERROR, 0, 0, "", "iperf3 failed: %.200s", failure);
    else if (root)
        add_stream(import, root);
    json_decref(root);
}

const struct importer import_iperf3 = {
    .name = "iperf3",
    .example = "iperf3 --json",
    .is_it = is_iperf3,
    .read = read_iperf3,
};
