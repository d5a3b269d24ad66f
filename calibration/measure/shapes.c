#include "shapes.h"

#include "random.h"

#include <math.h>
#include <stdbool.h>

enum { CANDIDATES = 1000, MOST_EDGE = 16384 };

/* Each number of a shape is between two bounds, evenly on a logarithmic scale. */
struct kind {
    const char *name;
    int m[2], n[2], k[2];
    bool is_square; /* m = n = k */
    bool is_large;  /* takes more than a third of the longest time, instead of any up to short_s */
};

static const struct kind kinds[] = {
    {.name = "square", .m = {16, 2048}, .is_square = true},
    {.name = "update", .m = {64, 8192}, .n = {64, 8192}, .k = {32, 256}},
    {.name = "large", .m = {64, 8192}, .n = {64, 8192}, .k = {32, 256}, .is_large = true},
    {.name = "panel", .m = {256, MOST_EDGE}, .n = {4, 128}, .k = {4, 128}},
    {.name = "row", .m = {4, 256}, .n = {256, MOST_EDGE}, .k = {32, 256}},
    {.name = "tiny", .m = {1, 48}, .n = {1, 48}, .k = {1, 48}},
};
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

/* How many of each kind, and how long a repetition of one may take. */
static const struct {
    int n_of_kind;
    double short_s, long_s;
} extents[] = {
    [QUICK] = {3, 5e-3, 30e-3},
    [USUAL] = {6, 15e-3, 100e-3},
    [FULL] = {12, 30e-3, 250e-3},
};

double shape_flops(const struct shape *shape)
{
    return 2.0 * shape->m * shape->n * shape->k;
}

double shape_words(const struct shape *shape)
{
    const double m = shape->m, n = shape->n, k = shape->k;
    return m * n + m * k + k * n;
}

static int draw_edge(struct random_stream *stream, const int bounds[2])
{
    const double part = random_fraction(stream);
    return (int)round(bounds[0] * pow((double)bounds[1] / bounds[0], part));
}

static struct shape draw_shape(struct random_stream *stream, const struct kind *kind)
{
    struct shape shape;
    shape.m = draw_edge(stream, kind->m);
    if (kind->is_square)
        return (struct shape){shape.m, shape.m, shape.m};
    shape.n = draw_edge(stream, kind->n);
    shape.k = draw_edge(stream, kind->k);
    return shape;
}

int shapes_choose(unsigned long seed, enum thoroughness thoroughness, double rate_flops,
                  double most_words, struct shape shapes[MOST_SHAPES])
{
    const double words = fmin(most_words, SHAPES_WORDS);
    int n = 0;

    for (int i = 0; i < N_KINDS; i++) {
        struct random_stream stream = random_stream(seed, kinds[i].name, 0);
        const double long_s = extents[thoroughness].long_s;
        const double from_s = kinds[i].is_large ? long_s / 3.0 : 0.0;
        const double to_s = kinds[i].is_large ? long_s : extents[thoroughness].short_s;
        int n_of_kind = 0;
        for (int j = 0; j < CANDIDATES && n_of_kind < extents[thoroughness].n_of_kind; j++) {
            const struct shape shape = draw_shape(&stream, &kinds[i]);
            const double time_s = shape_flops(&shape) / rate_flops;
            if (time_s < from_s || time_s > to_s || shape_words(&shape) > words)
                continue;
            shapes[n++] = shape;
            n_of_kind++;
        }
    }
    return n;
}
