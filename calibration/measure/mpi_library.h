/*
 * mpi_library.h - which MPI library runs the program, and those of its parameters that decide how
 * messages are sent.
 */
#ifndef VHPC_MPI_LIBRARY_H
#define VHPC_MPI_LIBRARY_H

#include <jansson.h>

/*
 * {"library": text, "standard": "3.1", "parameters": {name: value}, "variables": {name: value}}:
 * parameters as the library tells them (MPI_T control variables), and what the user set in the
 * environment. Belongs to the caller. MPI must be initialised.
 */
json_t *mpi_library(void);

#endif
