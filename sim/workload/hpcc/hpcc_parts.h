/*
 * hpcc_parts.h - what each test of the HPCC suite runs with.
 */
#ifndef VHPCSIM_WORKLOAD_HPCC_PARTS_H
#define VHPCSIM_WORKLOAD_HPCC_PARTS_H

#include "dgemm.h"
#include "fft.h"
#include "hpcc.h"
#include "pingpong.h"
#include "ptrans.h"
#include "random_access.h"
#include "ring.h"
#include "stream.h"

/* The specs of all tests. */
struct hpcc_parts {
    struct random_access_spec mpi_access, star_access, single_access;
    struct random_access_spec mpi_lcg, star_lcg, single_lcg;
    struct ptrans_spec ptrans;
    struct dgemm_spec star_dgemm, single_dgemm;
    struct stream_spec star_stream, single_stream;
    struct fft_spec mpi_fft, star_fft, single_fft;
    struct pingpong_spec pingpong;
    struct ring_spec ring;
    struct hpl_spec hpl;
};

/* One program of the suite. */
struct hpcc_component {
    const struct workload *workload;
    const char *prefix; /* of its metrics' names */
    size_t spec;        /* offset in struct hpcc_parts */
    size_t test;        /* offset of its bool in struct hpcc_tests */
};

/* In the order in which HPCC runs them; HPL, the last one, has number N_HPCC_COMPONENTS - 1. */
enum { N_HPCC_COMPONENTS = 17 };
extern const struct hpcc_component hpcc_components[N_HPCC_COMPONENTS];

/* HPCC's bound for MPIRandomAccess. */
enum { HPCC_TIME_BOUND_S = 60 };

/* HPCC's measure of everything: bytes of HPL's matrix that a process of the grid has, rounded
 * down. */
uint64_t hpcc_process_memory_B(const struct hpl_spec *hpl);

/*
 * Elements of `size_B` bytes that each of `n_vectors` vectors in a process's memory has; at most
 * 2^30. HPCC's HPCC_LocalVectorSize.
 */
uint64_t hpcc_vector_elements(const struct hpl_spec *hpl, int n_vectors, uint64_t size_B);

/* The specs that HPCC would run with; a size of 0 says that N is too small for that test. */
struct hpcc_parts hpcc_parts_of(const struct hpcc_spec *spec);

/* True when the user wants this component. */
bool hpcc_runs(const struct hpcc_spec *spec, const struct hpcc_component *component);

#endif
