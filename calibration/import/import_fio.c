/*
 * import_fio.c - fio 3's JSON. `bw_bytes` is B/s (`bw` is KiB/s); of a job, requests of its block
 * size, so many under way as `iodepth` x `numjobs` say. What went through a page cache (`direct` is
 * not 1) says little of a disk and is marked so.
 */
#include "import_json.h"
#include "plausible.h"

#include <string.h>

static bool is_fio(const struct import_text *source)
{
    return memmem(source->text, source->length, "\"fio version\"", 13) != NULL;
}

/* An option of the job, or of all jobs. */
static const char *option(const json_t *root, const json_t *job, const char *name)
{
    const char *text =
        json_string_value(json_object_get(json_object_get(job, "job options"), name));
    if (!text)
        text = json_string_value(json_object_get(json_object_get(root, "global options"), name));
    return text ? text : "";
}

static double count_of(const char *text)
{
    const double count = import_json_size_B(text);
    return count >= 1.0 ? count : 1.0;
}

static void read_direction(struct import *import, const json_t *root, const json_t *job,
                           const char *direction)
{
    const double iops = import_json_number(json_object_get(job, direction), "iops");
    const double Bps = import_json_number(json_object_get(job, direction), "bw_bytes");
    const char *name = import_json_text(job, "jobname");
    if (!(iops > 0.0) || !(Bps > 0.0))
        return;

    const double depth =
        count_of(option(root, job, "iodepth")) * count_of(option(root, job, "numjobs"));
    const struct raw_cell cell = {
        .operation = direction[0] == 'r' ? RAW_DISK_READ : RAW_DISK_WRITE,
        .path = RAW_NOWHERE,
        .size_B = Bps / iops,
        .n_active = 1,
        .partner = -1,
        .argument = {strncmp(option(root, job, "rw"), "rand", 4) == 0 ? 1.0 : 0.0, depth,
                     strcmp(option(root, job, "direct"), "1") == 0 ? 1.0 : 0.0}};
    const double time_s = depth / iops;
    const char *reason = implausible(&cell, time_s / depth);
    if (reason)
        import_complain(import, SEVERITY_WARNING, 0, 0, reason,
                        "%ss of the job \"%.40s\" are not believed", direction, name);
    else
        import_time(import, &cell, time_s);
}

static void read_fio(struct import *import)
{
    json_t *root = import_json(import), *job;
    size_t i;

    json_array_foreach(json_object_get(root, "jobs"), i, job)
    {
        if (import_json_number(job, "error") != 0.0) {
            import_complain(import, SEVERITY_WARNING, 0, 0, "", "the job \"%.40s\" failed",
                            import_json_text(job, "jobname"));
            continue;
        }
        read_direction(import, root, job, "read");
        read_direction(import, root, job, "write");
    }
    json_decref(root);
}

const struct importer import_fio = {
    .name = "fio",
    .example = "fio --output-format=json",
    .is_it = is_fio,
    .read = read_fio,
};
