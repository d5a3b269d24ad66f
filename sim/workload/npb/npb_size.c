#include "npb_size.h"

#include <assert.h>

/* Rows in the order of enum npb_class: S, W, A, B, C, D, E, F. */

int npb_ep_log_pairs(enum npb_class class)
{
    static const int log_pairs[N_NPB_CLASSES] = {24, 25, 28, 30, 32, 36, 40, 44};
    return log_pairs[class];
}

struct npb_is_size npb_is_size(enum npb_class class)
{
    static const struct npb_is_size sizes[N_NPB_CLASSES] = {
        {16, 11, 9, 4},  {20, 16, 10, 4}, {23, 19, 10, 4}, {25, 21, 10, 4},
        {27, 23, 10, 4}, {31, 27, 10, 8}, {35, 31, 10, 8}, {0}};
    assert(class != NPB_F);
    return sizes[class];
}

struct npb_ft_size npb_ft_size(enum npb_class class)
{
    static const struct npb_ft_size sizes[N_NPB_CLASSES] = {
        {64, 64, 64},    {128, 128, 32},     {256, 256, 128},    {512, 256, 256},
        {512, 512, 512}, {2048, 1024, 1024}, {4096, 2048, 2048}, {8192, 4096, 4096}};
    return sizes[class];
}

struct npb_cg_size npb_cg_size(enum npb_class class)
{
    static const struct npb_cg_size sizes[N_NPB_CLASSES] = {
        {1400, 7},    {7000, 8},     {14000, 11},   {75000, 13},
        {150000, 15}, {1500000, 21}, {9000000, 26}, {54000000, 31}};
    return sizes[class];
}

double npb_cg_nonzeros(enum npb_class class)
{
    const struct npb_cg_size size = npb_cg_size(class);
    return (double)size.n_rows * size.nonzer * (size.nonzer + 1);
}

int npb_mg_levels(enum npb_class class)
{
    static const int levels[N_NPB_CLASSES] = {5, 7, 8, 8, 9, 10, 11, 12};
    return levels[class];
}

int npb_bt_edge(enum npb_class class)
{
    static const int edges[N_NPB_CLASSES] = {12, 24, 64, 102, 162, 408, 1020, 2560};
    return edges[class];
}

int npb_sp_edge(enum npb_class class)
{
    static const int edges[N_NPB_CLASSES] = {12, 36, 64, 102, 162, 408, 1020, 2560};
    return edges[class];
}

int npb_lu_edge(enum npb_class class)
{
    static const int edges[N_NPB_CLASSES] = {12, 33, 64, 102, 162, 408, 1020, 2560};
    return edges[class];
}
