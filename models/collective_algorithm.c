/*
 * collective_algorithm.c - the algorithms that decision tables choose from.
 *
 * SMPI's names are those of SimGrid 3.32's smpi/COLLECTIVE settings. They do not
 * always say what they do: its allgather `ring` sends to all ranks by distance, and NTSLR goes
 * round the ring; its alltoall `pair` needs a power of two, and `ring` is the pairwise exchange of
 * any number of ranks. What each does was read from what it sends.
 */
#include "collective.h"

#include <assert.h>

#define ALGORITHM(collective_, name_, smpi_, help_)                                                \
    {                                                                                              \
        .collective = COLLECTIVE_##collective_, .name = (name_), .smpi = (smpi_), .help = (help_)  \
    }

static const struct collective_algorithm_info algorithms[N_COLLECTIVE_ALGORITHMS] = {
    [COLLECTIVE_NOTHING] = ALGORITHM(BARRIER, "nothing", NULL, "every rank returns at once"),

    [BARRIER_LINEAR] = ALGORITHM(BARRIER, "linear", "ompi_basic_linear",
                                 "rank 0 hears from every rank, then answers every rank"),
    [BARRIER_RECURSIVE_DOUBLING] =
        ALGORITHM(BARRIER, "recursive doubling", "ompi_recursivedoubling",
                  "pairs at distances 1, 2, 4, ... exchange; ranks beyond a power of two wait"),
    [BARRIER_DISSEMINATION] =
        ALGORITHM(BARRIER, "dissemination", "ompi_bruck",
                  "each rank tells the one 1, 2, 4, ... further on; log2 n rounds"),
    [BARRIER_TREE] = ALGORITHM(BARRIER, "tree", "ompi_tree", "up and down a binomial tree"),

    [BCAST_LINEAR] = ALGORITHM(BCAST, "linear", "flattree", "the root sends to every rank"),
    [BCAST_CHAIN] =
        ALGORITHM(BCAST, "chain", NULL, "each rank passes the whole message to the next"),
    [BCAST_PIPELINE] =
        ALGORITHM(BCAST, "pipeline", "ompi_pipeline", "a chain, in segments of 16 to 128 KiB"),
    [BCAST_BINARY] =
        ALGORITHM(BCAST, "binary tree", NULL, "the whole message goes down a binary tree"),
    [BCAST_SPLIT_BINARY] =
        ALGORITHM(BCAST, "split binary tree", "ompi_split_bintree",
                  "each half in segments down one side of a binary tree, then pairs swap halves"),
    [BCAST_BINOMIAL] = ALGORITHM(BCAST, "binomial tree", "binomial_tree",
                                 "whoever has it sends it on; log2 n rounds"),
    [BCAST_KNOMIAL] =
        ALGORITHM(BCAST, "4-nomial tree", NULL, "whoever has it sends it to 3 others a round"),
    [BCAST_SCATTER_DOUBLING] =
        ALGORITHM(BCAST, "scatter, doubling allgather", "scatter_rdb_allgather",
                  "the root scatters parts, pairs at distances 1, 2, 4, ... exchange them"),
    [BCAST_SCATTER_RING] = ALGORITHM(BCAST, "scatter, ring allgather", "scatter_LR_allgather",
                                     "the root scatters parts, which go round a ring"),

    [REDUCE_LINEAR] =
        ALGORITHM(REDUCE, "linear", "ompi_basic_linear", "every rank sends to the root"),
    [REDUCE_CHAIN] =
        ALGORITHM(REDUCE, "chain", NULL, "each rank adds its own and passes the whole message on"),
    [REDUCE_PIPELINE] =
        ALGORITHM(REDUCE, "pipeline", "ompi_pipeline", "a chain, in segments of 1 to 64 KiB"),
    [REDUCE_BINARY] = ALGORITHM(REDUCE, "binary tree", NULL, "whole messages go up a binary tree"),
    [REDUCE_BINOMIAL] = ALGORITHM(REDUCE, "binomial tree", "binomial",
                                  "whole messages go up a binomial tree; log2 n rounds"),
    [REDUCE_BINOMIAL_SEGMENTED] =
        ALGORITHM(REDUCE, "segmented binomial tree", "ompi_binomial",
                  "up a binomial tree, in segments of 1 KiB where there are many ranks"),
    [REDUCE_KNOMIAL] =
        ALGORITHM(REDUCE, "4-nomial tree", NULL, "up a tree of up to 3 children a round"),
    [REDUCE_IN_ORDER_BINARY] = ALGORITHM(REDUCE, "in-order binary tree", "ompi_in_order_binary",
                                         "up a binary tree that keeps the order of ranks"),
    [REDUCE_RABENSEIFNER] =
        ALGORITHM(REDUCE, "Rabenseifner", "scatter_gather",
                  "halves are exchanged and reduced until each rank has its part; gather"),

    [ALLREDUCE_LINEAR] = ALGORITHM(ALLREDUCE, "linear", NULL,
                                   "every rank sends to rank 0, which sends the sum to all"),
    [ALLREDUCE_REDUCE_BCAST] =
        ALGORITHM(ALLREDUCE, "reduce, bcast", NULL,
                  "a reduce and a bcast, each as the library decides for the size"),
    [ALLREDUCE_RECURSIVE_DOUBLING] =
        ALGORITHM(ALLREDUCE, "recursive doubling", "rdb",
                  "pairs at distances 1, 2, 4, ... exchange whole messages; log2 n rounds"),
    [ALLREDUCE_RING] = ALGORITHM(ALLREDUCE, "ring", "lr",
                                 "parts go round a ring twice, first to be added, then to all"),
    [ALLREDUCE_RING_SEGMENTED] = ALGORITHM(ALLREDUCE, "segmented ring", "ompi_ring_segmented",
                                           "a ring, 1 MiB of each rank's part at a time"),
    [ALLREDUCE_RABENSEIFNER] =
        ALGORITHM(ALLREDUCE, "Rabenseifner", "rab_rdb",
                  "halves are exchanged and reduced, then parts gathered the same way back"),

    [GATHER_LINEAR] =
        ALGORITHM(GATHER, "linear", "ompi_basic_linear", "every rank sends to the root"),
    [GATHER_LINEAR_SYNC] = ALGORITHM(GATHER, "linear, synchronized", NULL,
                                     "the root asks rank after rank, and each then sends"),
    [GATHER_LINEAR_SYNC_SEGMENTED] =
        ALGORITHM(GATHER, "linear, synchronized, segmented", NULL,
                  "the root asks rank after rank for a segment of 1 or 32 KiB, then the rest"),
    [GATHER_BINOMIAL] =
        ALGORITHM(GATHER, "binomial tree", "ompi_binomial", "growing bundles go up a tree"),

    [SCATTER_LINEAR] =
        ALGORITHM(SCATTER, "linear", "ompi_basic_linear", "the root sends to rank after rank"),
    [SCATTER_LINEAR_NONBLOCKING] = ALGORITHM(SCATTER, "linear, non-blocking", "ompi_linear_nb",
                                             "the root sends to all ranks at once"),
    [SCATTER_BINOMIAL] =
        ALGORITHM(SCATTER, "binomial tree", "ompi_binomial", "bundles go down a tree and shrink"),

    [ALLGATHER_GATHER_BCAST] =
        ALGORITHM(ALLGATHER, "gather, bcast", NULL,
                  "a gather and a bcast, each as the library decides for the size"),
    [ALLGATHER_RECURSIVE_DOUBLING] =
        ALGORITHM(ALLGATHER, "recursive doubling", "rdb",
                  "pairs at distances 1, 2, 4, ... exchange all they have"),
    [ALLGATHER_BRUCK] = ALGORITHM(ALLGATHER, "Bruck", "bruck",
                                  "each rank gets all that the one 1, 2, 4, ... further on has"),
    [ALLGATHER_RING] = ALGORITHM(ALLGATHER, "ring", "NTSLR", "parts go round a ring; n - 1 rounds"),
    [ALLGATHER_NEIGHBOR] =
        ALGORITHM(ALLGATHER, "neighbor exchange", "ompi_neighborexchange",
                  "two parts at a time, to the left and right neighbor in turn; n / 2 rounds"),
    [ALLGATHER_TWO_RANKS] = ALGORITHM(ALLGATHER, "two ranks", "pair", "the two ranks exchange"),

    [ALLTOALL_LINEAR] =
        ALGORITHM(ALLTOALL, "linear", "basic_linear", "all messages are on their way at once"),
    [ALLTOALL_SCATTERED] =
        ALGORITHM(ALLTOALL, "scattered", "mvapich2_scatter_dest",
                  "messages to ranks in the order of their distance, a few at a time"),
    [ALLTOALL_BRUCK] =
        ALGORITHM(ALLTOALL, "Bruck", NULL,
                  "half of all parts to the rank 1, 2, 4, ... further on; log2 n rounds"),
    [ALLTOALL_RECURSIVE_DOUBLING] =
        ALGORITHM(ALLTOALL, "recursive doubling", "rdb",
                  "pairs at distances 1, 2, 4, ... exchange all parts they have"),
    [ALLTOALL_PAIRWISE] =
        ALGORITHM(ALLTOALL, "pairwise", "ring",
                  "to the rank i further on, from the one i behind, for i = 1, 2, ..."),
    [ALLTOALL_PAIRWISE_XOR] = ALGORITHM(ALLTOALL, "pairwise exchange", "pair",
                                        "with rank XOR i, for i = 1, 2, ...; powers of two only"),

    [ALLTOALLV_LINEAR] = ALGORITHM(ALLTOALLV, "linear", "ompi_basic_linear",
                                   "all messages are on their way at once"),
    [ALLTOALLV_PAIRWISE] =
        ALGORITHM(ALLTOALLV, "pairwise", "ring",
                  "to the rank i further on, from the one i behind, for i = 1, 2, ..."),

    [REDUCE_SCATTER_REDUCE_SCATTER] =
        ALGORITHM(REDUCE_SCATTER, "reduce, scatter", NULL,
                  "a reduce as the library decides, then rank 0 sends each rank its part"),
    [REDUCE_SCATTER_RECURSIVE_HALVING] =
        ALGORITHM(REDUCE_SCATTER, "recursive halving", "ompi_basic_recursivehalving",
                  "pairs at distances n / 2, n / 4, ... exchange halves of what they reduce"),
    [REDUCE_SCATTER_RECURSIVE_DOUBLING] =
        ALGORITHM(REDUCE_SCATTER, "recursive doubling", "mpich_rdb",
                  "pairs at distances 1, 2, 4, ... exchange all but their own"),
    [REDUCE_SCATTER_PAIRWISE] = ALGORITHM(REDUCE_SCATTER, "pairwise", "mpich_pair",
                                          "each rank's part from every other, one after the other"),
    [REDUCE_SCATTER_RING] =
        ALGORITHM(REDUCE_SCATTER, "ring", "ompi_ring", "parts go round a ring and are added to"),
    [REDUCE_SCATTER_BUTTERFLY] =
        ALGORITHM(REDUCE_SCATTER, "butterfly", "ompi_butterfly",
                  "recursive halving in mirrored order, for any number of ranks"),

    [SCAN_CHAIN] = ALGORITHM(SCAN, "chain", NULL, "each rank adds its own and tells the next"),
    [SCAN_RECURSIVE_DOUBLING] =
        ALGORITHM(SCAN, "recursive doubling", NULL,
                  "pairs at distances 1, 2, 4, ... exchange partial sums; log2 n rounds"),
};

const struct collective_algorithm_info *collective_algorithm(enum collective_algorithm algorithm)
{
    assert(algorithm >= 0 && algorithm < N_COLLECTIVE_ALGORITHMS);

    return &algorithms[algorithm];
}
