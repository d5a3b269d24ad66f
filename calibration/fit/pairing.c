#include "pairing.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* A block of both sides: the logarithms of its ratios. */
struct paired_block {
    int block, launch; /* the number of dataset_block(); of its launch */
    double sum;
    int n;
};

struct paired_blocks {
    int n;
    struct paired_block *blocks;
};

static const struct dataset_point *same_point(const struct dataset_slice *slice,
                                              const struct dataset_point *point)
{
    for (int i = 0; i < slice->n; i++) {
        bool is_same = slice->points[i].size_B == point->size_B;
        for (int j = 0; j < RAW_ARGUMENTS; j++)
            is_same = is_same && slice->points[i].argument[j] == point->argument[j];
        if (is_same)
            return &slice->points[i];
    }
    return NULL;
}

static void add(struct paired_blocks *blocks, const struct dataset_visit *visit, double logarithm)
{
    const int number = dataset_block(visit);
    int i = 0;
    while (i < blocks->n && blocks->blocks[i].block != number)
        i++;
    if (i == blocks->n)
        blocks->blocks[blocks->n++] =
            (struct paired_block){.block = number, .launch = visit->launch};
    blocks->blocks[i].sum += logarithm;
    blocks->blocks[i].n++;
}

/* Blocks of one number, launches counted in the order of their side, were measured in turn. */
static void pair_points(const struct dataset_point *native, const struct dataset_point *virtual,
                        struct paired_blocks *blocks)
{
    for (int i = 0; i < native->n_visits; i++)
        for (int j = 0; j < virtual->n_visits; j++)
            if (dataset_block(&native->visits[i]) == dataset_block(&virtual->visits[j]) &&
                native->visits[i].rank == virtual->visits[j].rank)
                add(blocks, &native->visits[i],
                    log(virtual->visits[j].median_s / native->visits[i].median_s));
}

static int test(const struct paired_blocks *blocks, struct equivalence *result)
{
    struct equivalence_point *points = calloc((size_t)blocks->n + 1, sizeof *points);
    if (!points)
        return -ENOMEM;
    for (int i = 0; i < blocks->n; i++)
        points[i] = (struct equivalence_point){
            1.0, exp(blocks->blocks[i].sum / blocks->blocks[i].n), blocks->blocks[i].launch};
    const int status = equivalence_test(blocks->n, points, EQUIVALENCE_MARGIN, result);
    free(points);
    return status == 0 || status == -ENOMEM ? status : -ENODATA;
}

int pairing_test(const struct dataset *native, const struct dataset *virtual,
                 const struct pairing *pairing, struct equivalence *result)
{
    const struct dataset_slice first = dataset_slice(
        native, pairing->operation, pairing->native_path, RAW_IDLE, pairing->n_active);
    const struct dataset_slice second = dataset_slice(
        virtual, pairing->operation, pairing->virtual_path, RAW_IDLE, pairing->n_active);
    struct paired_blocks blocks = {
        0, calloc((size_t)dataset_count_visits(&first) + 1, sizeof(struct paired_block))};
    if (!blocks.blocks)
        return -ENOMEM;
    for (int i = 0; i < first.n; i++) {
        const struct dataset_point *point = &first.points[i];
        const struct dataset_point *other = same_point(&second, point);
        if (other && pairing->from_B <= point->size_B && point->size_B <= pairing->to_B)
            pair_points(point, other, &blocks);
    }
    const int status = test(&blocks, result);
    free(blocks.blocks);
    return status;
}
