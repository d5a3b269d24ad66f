#include "storage.h"

#include "network.h"
#include "page_cache.h"

#include <assert.h>
#include <math.h>

/* A controller that was handed through has no image behind it and nothing to add. */
static bool is_handed_through(const struct storage *storage)
{
    const struct guest_disk *disk = &storage->virt->disk;
    return storage->format == IMAGE_BLOCK && storage->cache == IMAGE_CACHE_NONE &&
           storage->snapshot == SNAPSHOT_NONE && disk->request_B.value == 0.0 &&
           disk->request_s.value == 0.0 && disk->write_amplification.value == 1.0;
}

bool storage_has_image(const struct storage *storage)
{
    return storage->virt->kind == VIRT_HYPERVISOR && !is_handed_through(storage);
}

static struct page_cache cache_of_system(const struct storage *storage,
                                         const struct disk_access *access)
{
    return page_cache_of(&storage->node->page_cache, storage->system_memory_B,
                         access->is_by_all ? storage->n_ranks_of_system : 1);
}

static struct page_cache cache_of_host(const struct storage *storage,
                                       const struct disk_access *access)
{
    return page_cache_of(&storage->node->page_cache, storage->host_memory_B,
                         access->is_by_all ? storage->n_ranks_of_node : 1);
}

/* Backing files have the format that the scenario names; what changes is in qcow2. */
static const struct image_driver *driver_of(const struct storage *storage, bool is_foreign)
{
    const bool is_overlay = storage->snapshot != SNAPSHOT_NONE && !is_foreign;
    const enum image_format format = is_overlay ? IMAGE_QCOW2 : storage->format;
    return &storage->virt->disk.driver[format][storage->cache];
}

/* `size_B`, or `limit_B` where there is one and it is smaller. */
static double limited_B(double size_B, double limit_B)
{
    return limit_B > 0.0 ? fmin(size_B, limit_B) : size_B;
}

/* No part is smaller than a byte, so that there are never infinitely many. */
static double parts(double whole_B, double part_B)
{
    return part_B > 0.0 ? whole_B / fmax(1.0, part_B) : 0.0;
}

static double copied_s(const struct storage *storage, double bytes)
{
    return bytes > 0.0 ? bytes / storage->node->page_cache.copy_Bps.value : 0.0;
}

/* --- reads ---------------------------------------------------------------------------------- */

/* What of a read goes how far. */
struct read_way {
    double whole_B;
    double request_B; /* that the system makes of it */
    double missed;    /* part that the system's own cache does not have */
    double on_disk;   /* part that no cache has */
    bool is_ahead;    /* requests are made before the program asks: their delays overlap */
};

static double missed(struct page_cache cache, const struct disk_access *access)
{
    return access->is_foreign ? 1.0
                              : 1.0 - page_cache_hits(&cache, disk_access_B(access), access->order);
}

static struct read_way read_way_of(const struct storage *storage, const struct disk_access *access)
{
    const double ahead_B = storage->node->page_cache.read_ahead_B.value;
    struct read_way way = {
        .whole_B = disk_access_B(access), .request_B = access->record_B, .missed = 1.0};
    if (access->is_buffered) {
        way.is_ahead = access->order == DISK_SEQUENTIAL || access->record_B > ahead_B;
        way.request_B = way.is_ahead ? ahead_B : access->record_B;
        way.missed = missed(cache_of_system(storage, access), access);
    }
    way.on_disk = way.missed;
    if (!storage_has_image(storage))
        return way;
    way.request_B = limited_B(way.request_B, storage->virt->disk.request_B.value);
    if (storage->cache != IMAGE_CACHE_NONE)
        way.on_disk = fmin(way.missed, missed(cache_of_host(storage, access), access));
    return way;
}

static double n_found_on_disk(const struct disk_access *access, const struct read_way *way)
{
    return way->on_disk *
           (access->order == DISK_RANDOM ? access->n_records : fmin(1.0, access->n_records));
}

static struct storage_cost read_native(const struct storage *storage,
                                       const struct disk_access *access, const struct read_way *way)
{
    const struct disk_work work = {.read_B = way->on_disk * way->whole_B,
                                   .n_waits =
                                       way->is_ahead ? 0.0 : way->on_disk * access->n_records,
                                   .n_seeks = n_found_on_disk(access, way)};
    return (struct storage_cost){.disk_s = disk_work_s(&storage->node->disk, &work)};
}

/* A driver that handles pieces of its own waits for each. */
static struct storage_cost read_image(const struct storage *storage,
                                      const struct disk_access *access, const struct read_way *way)
{
    const struct image_driver *driver = driver_of(storage, access->is_foreign);
    const double missed_B = way->missed * way->whole_B, disk_B = way->on_disk * way->whole_B;
    const double piece_B = limited_B(way->request_B, driver->piece_B.value);
    const double n_pieces = parts(missed_B, piece_B);
    const double requests_s = n_pieces * storage->virt->disk.request_s.value;
    const bool is_ahead = way->is_ahead && driver->piece_B.value == 0.0;
    const struct disk_work work = {.read_B = disk_B,
                                   .n_waits = way->is_ahead ? 0.0 : parts(disk_B, piece_B),
                                   .n_seeks = n_found_on_disk(access, way) +
                                              parts(disk_B, driver->extent_B.value)};
    return (struct storage_cost){.disk_s = disk_work_s(&storage->node->disk, &work),
                                 .serial_s = is_ahead ? 0.0 : requests_s,
                                 .least_s = is_ahead ? requests_s : 0.0,
                                 .backend_s = requests_s};
}

/* Everything comes over one link of the server, at the pace of full packets. */
static struct storage_cost read_server(const struct storage *storage, const struct read_way *way)
{
    const double missed_B = way->missed * way->whole_B;
    const double n_requests = parts(missed_B, way->request_B);
    const double requests_s = n_requests * storage->virt->disk.request_s.value;
    const double round_trips_s = n_requests * 2.0 * storage->link->latency_s.value;
    return (struct storage_cost){.server_s = missed_B / network_wire_Bps(storage->link),
                                 .serial_s = way->is_ahead ? 0.0 : requests_s + round_trips_s,
                                 .least_s = way->is_ahead ? requests_s + round_trips_s : 0.0,
                                 .backend_s = requests_s};
}

static struct storage_cost read_cost(const struct storage *storage,
                                     const struct disk_access *access)
{
    const struct read_way way = read_way_of(storage, access);
    if (!storage_has_image(storage))
        return read_native(storage, access, &way);
    if (access->is_foreign && storage->snapshot == SNAPSHOT_NFS)
        return read_server(storage, &way);
    struct storage_cost cost = read_image(storage, access, &way);
    cost.least_s += copied_s(storage, (way.missed - way.on_disk) * way.whole_B);
    return cost;
}

/* --- writes --------------------------------------------------------------------------------- */

/* What of a write, or of the flush after it, has to be on its way before the program goes on. */
static double leaving_system_B(const struct storage *storage, const struct disk_access *access)
{
    const double whole_B = disk_access_B(access);
    const double hidden_B =
        access->is_buffered ? fmin(cache_of_system(storage, access).dirty_B, whole_B) : 0.0;
    return access->operation == DISK_FLUSH ? hidden_B : whole_B - hidden_B;
}

/* And what of that the host's cache hides: of a flush less than nothing, what it hid before. */
static double hidden_by_host_B(const struct storage *storage, const struct disk_access *access,
                               double leaving_B)
{
    if (storage->cache != IMAGE_CACHE_WRITEBACK)
        return 0.0;
    const double dirty_B = cache_of_host(storage, access).dirty_B;
    if (access->operation == DISK_WRITE)
        return fmin(dirty_B, leaving_B);
    return -fmin(dirty_B, disk_access_B(access) - leaving_B);
}

/* How much is written in a row, whatever the records of a program that writes in order. */
static double run_B(const struct storage *storage, const struct disk_access *access)
{
    const double longest_B = storage->node->page_cache.run_B.value;
    if (!access->is_buffered)
        return access->record_B;
    return access->order == DISK_SEQUENTIAL ? longest_B : fmin(access->record_B, longest_B);
}

static double n_moves(const struct storage *storage, const struct disk_access *access,
                      double written_B, double extent_B)
{
    if (access->order == DISK_SEQUENTIAL)
        return written_B > 0.0 ? fmin(1.0, access->n_records) : 0.0;
    return parts(written_B, limited_B(run_B(storage, access), extent_B));
}

/* Of a system's own disk: writes that wait in its cache are under way together. */
static struct storage_cost write_native(const struct storage *storage,
                                        const struct disk_access *access)
{
    const double written_B = leaving_system_B(storage, access);
    const double n_waits = access->is_buffered ? 0.0 : parts(written_B, access->record_B);
    const double n_seeks = n_moves(storage, access, written_B, 0.0);
    const struct disk_work work = {.written_B = written_B,
                                   .n_waits = n_waits,
                                   .n_waited_turns = fmax(0.0, n_waits - n_seeks),
                                   .n_seeks = n_seeks};
    return (struct storage_cost){.disk_s = disk_work_s(&storage->node->disk, &work)};
}

/*
 * The head comes back to a piece by a turn where it stayed, by a seek where metadata took it
 * elsewhere.
 */
static struct disk_work image_work(const struct storage *storage, const struct disk_access *access,
                                   const struct image_driver *driver, double written_B,
                                   double piece_B)
{
    const double n_pieces = parts(written_B, piece_B);
    const double n_metadata = driver->metadata.value;
    const double n_away = n_metadata > 0.0 ? n_pieces * (n_metadata + 1.0) : 0.0;
    const double n_seeks = n_away + n_moves(storage, access, written_B, driver->extent_B.value);
    return (struct disk_work){.written_B =
                                  storage->virt->disk.write_amplification.value * written_B,
                              .n_waits = n_pieces * (1.0 + n_metadata),
                              .n_waited_turns = fmax(0.0, n_pieces - n_seeks),
                              .n_seeks = n_seeks};
}

static struct storage_cost write_image(const struct storage *storage,
                                       const struct disk_access *access)
{
    const struct image_driver *driver = driver_of(storage, false);
    const double leaving_B = leaving_system_B(storage, access);
    const double written_B = leaving_B - hidden_by_host_B(storage, access, leaving_B);
    const double request_B = limited_B(run_B(storage, access), storage->virt->disk.request_B.value);
    const double piece_B = limited_B(request_B, driver->piece_B.value);
    const double requests_s = parts(leaving_B, piece_B) * storage->virt->disk.request_s.value;
    const struct disk_work work = image_work(storage, access, driver, written_B, piece_B);
    return (struct storage_cost){
        .disk_s = disk_work_s(&storage->node->disk, &work),
        .serial_s = requests_s,
        .least_s = storage->cache == IMAGE_CACHE_WRITEBACK ? copied_s(storage, leaving_B) : 0.0,
        .backend_s = requests_s};
}

/* --- both ----------------------------------------------------------------------------------- */

struct storage_cost storage_cost_of(const struct storage *storage, const struct disk_access *access)
{
    struct storage_cost cost = access->operation == DISK_READ ? read_cost(storage, access)
                               : storage_has_image(storage)   ? write_image(storage, access)
                                                              : write_native(storage, access);
    if (access->is_buffered && access->operation != DISK_FLUSH)
        cost.least_s = fmax(cost.least_s, copied_s(storage, disk_access_B(access)));
    return cost;
}

double storage_cost_alone_s(const struct storage_cost *cost)
{
    return fmax(cost->disk_s + cost->server_s + cost->serial_s, cost->least_s);
}
