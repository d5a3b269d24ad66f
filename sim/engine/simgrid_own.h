/*
 * simgrid_own.h - our own collective algorithms, which SMPI lacks or does with other messages than
 * libraries do: one member's part, sent with MPI's own calls.
 */
#ifndef VHPCSIM_SIMGRID_OWN_H
#define VHPCSIM_SIMGRID_OWN_H

#include <smpi/mpi.h>

#include <stdbool.h>
#include <stdint.h>

/* Bytes as MPI counts them: in doubles where that fits, so that reductions see elements. */
struct extent {
    MPI_Datatype type;
    MPI_Op op;
    int n_bytes; /* of the type */
};
struct extent own_extent(bool fits_doubles, uint64_t largest_B);
struct extent own_extent_of(uint64_t size_B);
int own_count(const struct extent *extent, uint64_t size_B); /* rounded up; must fit an int */

void own_send(MPI_Comm comm, int to, uint64_t size_B);
void own_receive(MPI_Comm comm, int from, uint64_t size_B);

/* A member's place in a tree whose root is relative rank 0; all ranks are relative to the root. */
enum { MAX_CHILDREN = 64 };
struct branch {
    int parent; /* -1: the root */
    int n_children;
    int children[MAX_CHILDREN]; /* in the order in which a broadcast serves them */
};
typedef struct branch tree_of(int rank, int size);
tree_of tree_chain, tree_binary, tree_knomial;

/* Whole messages down a tree, to the children of a rank at once; the same way up, from all children
 * at once. */
void own_bcast(tree_of *tree, MPI_Comm comm, int root, uint64_t size_B);
void own_reduce(tree_of *tree, MPI_Comm comm, int root, uint64_t size_B);

/*
 * A gather in which the root asks a rank, and goes on to the next one when that one's first part
 * has come. The rest has a tag of its own, so that nothing can take the short first part for it.
 */
void own_gather_in_turn(MPI_Comm comm, int root, uint64_t first_B, uint64_t rest_B);

/* Each rank waits for the one before; or all exchange with ranks 1, 2, 4, ... away. */
void own_scan_chain(MPI_Comm comm, uint64_t size_B);
void own_scan_doubling(MPI_Comm comm, uint64_t size_B);

/* SMPI's packs its parts for real, and sends each part to its own rank too. */
void own_alltoall_bruck(MPI_Comm comm, uint64_t size_B);

#endif
