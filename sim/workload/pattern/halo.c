/*
 * halo.c - exchange of the faces of a domain that is cut into blocks, in two and three dimensions.
 *
 * Each process posts the receives and sends of all its faces at once and waits for them all; with
 * `overlap` it computes between. Left out: corners, which codes get by exchanging dimension after
 * dimension, and the copying of faces to and from buffers.
 */
#include "grid.h"
#include "work.h"

#include <math.h>

struct halo {
    struct phase_common common;
    struct expression size_B;                      /* of each face; 0: from the domain */
    struct expression points[GRID_MAX_DIMENSIONS]; /* of the whole domain */
    struct expression point_B;
    int width; /* layers of points */
    struct process_grid grid;
    bool is_periodic;
    bool overlaps;
    struct phase_work work;
};

static bool is_given(const struct expression *expression)
{
    return !expression->is_plain || expression->value != 0.0;
}

static void halo_complete(struct halo *halo, int n_dimensions, struct pattern_check *check)
{
    static const char *const keys[GRID_MAX_DIMENSIONS] = {"nx", "ny", "nz"};
    int n_given = 0;
    for (int i = 0; i < n_dimensions; i++)
        n_given += is_given(&halo->points[i]);
    if (is_given(&halo->size_B) && n_given > 0)
        pattern_refuse(check, "size", "faces follow from the domain where nx is given",
                       "a halo has either a size or a domain");
    else if (!is_given(&halo->size_B) && n_given < n_dimensions)
        pattern_refuse(check, "", "such as size: 64 KiB, or the points of the domain",
                       "a halo exchange needs size, or %s",
                       n_dimensions == 2 ? "nx and ny" : "nx, ny and nz");
    grid_complete(&halo->grid, n_dimensions, check);
    for (int i = 0; i < n_dimensions && n_given == n_dimensions && !check->has_failed; i++)
        if (expression_at(&halo->points[i], 0) < halo->grid.extent[i])
            pattern_refuse(check, keys[i], "make the domain larger, or give another grid",
                           "%.0f points along %s are fewer than the %d processes",
                           expression_at(&halo->points[i], 0), keys[i] + 1, halo->grid.extent[i]);
    work_check(&halo->work, check);
}

static void halo2d_complete(void *spec, struct pattern_check *check)
{
    halo_complete(spec, 2, check);
}

static void halo3d_complete(void *spec, struct pattern_check *check)
{
    halo_complete(spec, 3, check);
}

/* Points of the rank's block along one dimension: they are dealt as evenly as can be. */
static double block_points(const struct halo *halo, const struct turn *turn, int dimension)
{
    const double points = expression_at(&halo->points[dimension], turn->step);
    const double extent = halo->grid.extent[dimension];
    const int here = grid_coordinate(&halo->grid, turn->number, dimension);
    return floor(points / extent) + (here < fmod(points, extent) ? 1.0 : 0.0);
}

/* What goes to each neighbour along `dimension`. */
static uint64_t face_B(const struct halo *halo, const struct turn *turn, int dimension)
{
    if (is_given(&halo->size_B))
        return (uint64_t)expression_at(&halo->size_B, turn->step);
    double points = halo->width;
    for (int i = 0; i < halo->grid.n_dimensions; i++)
        if (i != dimension)
            points *= block_points(halo, turn, i);
    return (uint64_t)(points * expression_at(&halo->point_B, turn->step));
}

/* Tags tell the two messages of a pair of processes that are neighbours on both sides. */
static int tag_of(int dimension, int direction)
{
    return 2 * dimension + (direction > 0);
}

/* Begins the exchange with the neighbour in `direction` (-1 or 1), if there is one. */
static int begin_face(const struct halo *halo, const struct turn *turn, int dimension,
                      int direction, struct request *requests[])
{
    const int other =
        grid_neighbour(&halo->grid, turn->number, dimension, direction, halo->is_periodic);
    if (other == GRID_NOBODY || other == turn->number)
        return 0;
    const uint64_t size_B = face_B(halo, turn, dimension);
    requests[0] = rank_irecv(turn->rank, turn->world, other, tag_of(dimension, -direction), size_B);
    requests[1] = rank_isend(turn->rank, turn->world, other, tag_of(dimension, direction), size_B);
    return 2;
}

static void halo_part(const void *spec, const struct turn *turn)
{
    const struct halo *halo = spec;
    struct request *requests[4 * GRID_MAX_DIMENSIONS];
    int n = 0;
    for (int dimension = 0; dimension < halo->grid.n_dimensions; dimension++)
        for (int direction = -1; direction <= 1; direction += 2)
            n += begin_face(halo, turn, dimension, direction, requests + n);
    if (halo->overlaps)
        work_do(&halo->work, turn, (uint64_t)turn->number);
    rank_wait_all(turn->rank, n, requests);
    if (!halo->overlaps)
        work_do(&halo->work, turn, (uint64_t)turn->number);
}

static double halo_operations(const void *spec, int n_ranks, long step)
{
    const struct halo *halo = spec;
    (void)step;
    return (2.0 * halo->grid.n_dimensions + 1.0) * n_ranks;
}

#define HALO_POINTS(name, index)                                                                   \
    {                                                                                              \
        .key = name, PHASE_COUNT(struct halo, points[index], 0.0, 1e9), .fallback = "0",           \
        .help = "Points of the whole domain along this dimension; each process has its share."     \
    }
#define HALO_ROWS(dimensions)                                                                      \
    {.key = "point",                                                                               \
     PHASE_SIZE(struct halo, point_B),                                                             \
     .fallback = "8 B",                                                                            \
     .help = "What is sent of each point of a face, where faces follow from the domain."},         \
        {.key = "width",                                                                           \
         .kind = FIELD_COUNT,                                                                      \
         .min = 1,                                                                                 \
         .max = 100,                                                                               \
         .fallback = "1",                                                                          \
         .help = "Layers of points in a face.",                                                    \
         .offset = offsetof(struct halo, width)},                                                  \
        {.key = "grid",                                                                            \
         .kind = FIELD_COUNTS,                                                                     \
         .max_items = (dimensions),                                                                \
         .min = 1,                                                                                 \
         .max = 1e7,                                                                               \
         .fallback = "[]",                                                                         \
         .help = "Processes along each dimension; left out: as even as the ranks allow.",          \
         .offset = offsetof(struct halo, grid.extent),                                             \
         .count_offset = offsetof(struct halo, grid.n_dimensions)},                                \
        {.key = "periodic",                                                                        \
         .kind = FIELD_BOOL,                                                                       \
         .fallback = "true",                                                                       \
         .help = "Whether processes at opposite ends are neighbours.",                             \
         .offset = offsetof(struct halo, is_periodic)},                                            \
        {.key = "overlap",                                                                         \
         .kind = FIELD_BOOL,                                                                       \
         .fallback = "false",                                                                      \
         .help = "Whether the computing is done while the faces are on their way.",                \
         .offset = offsetof(struct halo, overlaps)},                                               \
        WORK_FIELDS(struct halo, work, "each rank")
#define HALO_SIZE                                                                                  \
    {                                                                                              \
        .key = "size", PHASE_SIZE(struct halo, size_B), .fallback = "0 B",                         \
        .help = "Size of each face; 0 B or left out: from the domain."                             \
    }

static const struct field halo2d_fields[] = {
    PHASE_NAME, HALO_SIZE, HALO_POINTS("nx", 0), HALO_POINTS("ny", 1), HALO_ROWS(2), {0}};
static const struct field halo3d_fields[] = {
    PHASE_NAME,   HALO_SIZE, HALO_POINTS("nx", 0), HALO_POINTS("ny", 1), HALO_POINTS("nz", 2),
    HALO_ROWS(3), {0}};

extern const struct pattern_kind pattern_halo2d, pattern_halo3d;
const struct pattern_kind pattern_halo2d = {
    .name = "halo2d",
    .help = "Each process of a 2-D grid exchanges faces with its four neighbours and computes: "
            "stencil codes.",
    .fields = halo2d_fields,
    .spec_size = sizeof(struct halo),
    .complete = halo2d_complete,
    .operations = halo_operations,
    .part = halo_part};
const struct pattern_kind pattern_halo3d = {
    .name = "halo3d",
    .help = "Each process of a 3-D grid exchanges faces with its six neighbours and computes.",
    .fields = halo3d_fields,
    .spec_size = sizeof(struct halo),
    .complete = halo3d_complete,
    .operations = halo_operations,
    .part = halo_part};
