#include "pairing.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* All pairs of visits of one cell, block and rank. */
struct pairs {
    int n;
    struct paired_point *points; /* owned; `group` is the block */
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

/* Blocks of one number, launches counted in the order of their side, were measured in turn. */
static void pair_points(const struct dataset_point *native, const struct dataset_point *virtual,
                        struct pairs *pairs)
{
    for (int i = 0; i < native->n_visits; i++)
        for (int j = 0; j < virtual->n_visits; j++) {
            const struct dataset_visit *first = &native->visits[i], *second = &virtual->visits[j];
            if (dataset_block(first) != dataset_block(second) || first->rank != second->rank)
                continue;
            pairs->points[pairs->n++] = (struct paired_point){.size_B = native->size_B,
                                                              .native_s = first->median_s,
                                                              .virtual_s = second->median_s,
                                                              .group = dataset_block(first),
                                                              .launch = first->launch};
            break;
        }
}

static int find_pairs(const struct dataset *native, const struct dataset *virtual,
                      const struct pairing *pairing, struct pairs *pairs)
{
    const struct dataset_slice first = dataset_slice(
        native, pairing->operation, pairing->native_path, RAW_IDLE, pairing->n_active);
    const struct dataset_slice second = dataset_slice(
        virtual, pairing->operation, pairing->virtual_path, RAW_IDLE, pairing->n_active);
    const size_t room = (size_t)dataset_count_visits(&first) + 1;
    *pairs = (struct pairs){0, calloc(room, sizeof *pairs->points)};
    if (!pairs->points)
        return -ENOMEM;
    for (int i = 0; i < first.n; i++) {
        const struct dataset_point *point = &first.points[i];
        const struct dataset_point *other = same_point(&second, point);
        if (other && pairing->from_B <= point->size_B && point->size_B <= pairing->to_B)
            pair_points(point, other, pairs);
    }
    return 0;
}

/* --- equivalence --------------------------------------------------------------------------------
 */

/* The geometric mean of a block's ratios stands for it. */
static int gather_blocks(const struct pairs *pairs, struct equivalence_point blocks[],
                         int numbers[], int counts[])
{
    int n = 0;
    for (int i = 0; i < pairs->n; i++) {
        const struct paired_point *pair = &pairs->points[i];
        int at = 0;
        while (at < n && numbers[at] != pair->group)
            at++;
        if (at == n) {
            numbers[n] = pair->group;
            blocks[n++] = (struct equivalence_point){1.0, 0.0, pair->launch};
        }
        blocks[at].second_s += log(pair->virtual_s / pair->native_s);
        counts[at]++;
    }
    for (int i = 0; i < n; i++)
        blocks[i].second_s = exp(blocks[i].second_s / counts[i]);
    return n;
}

static int test(const struct pairs *pairs, struct equivalence *result)
{
    const size_t room = (size_t)pairs->n + 1;
    struct equivalence_point *blocks = calloc(room, sizeof *blocks);
    int *numbers = calloc(room, sizeof *numbers), *counts = calloc(room, sizeof *counts);
    int status = -ENOMEM;
    if (blocks && numbers && counts) {
        const int n = gather_blocks(pairs, blocks, numbers, counts);
        status = equivalence_test(n, blocks, EQUIVALENCE_MARGIN, result);
    }
    free(blocks);
    free(numbers);
    free(counts);
    return status == 0 || status == -ENOMEM ? status : -ENODATA;
}

int pairing_test(const struct dataset *native, const struct dataset *virtual,
                 const struct pairing *pairing, struct equivalence *result)
{
    struct pairs pairs;
    int status = find_pairs(native, virtual, pairing, &pairs);
    if (status == 0)
        status = test(&pairs, result);
    free(pairs.points);
    return status;
}

/* --- overhead -----------------------------------------------------------------------------------
 */

int pairing_overhead(const struct dataset *native, const struct dataset *virtual,
                     const struct pairing *pairing, const struct resampling *how,
                     struct overhead *overhead)
{
    struct pairs pairs;
    int status = find_pairs(native, virtual, pairing, &pairs);
    if (status == 0)
        status = overhead_fit(pairs.n, pairs.points, how, overhead);
    free(pairs.points);
    return status == 0 || status == -ENOMEM ? status : -ENODATA;
}
