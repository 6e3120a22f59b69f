// Open MPI's binary interface as far as the program uses it, the same in 4.0, 4.1 and 5.0 (libmpi.so.40). Declared here
// instead of taken from mpi.h, so that neither building nor starting the program needs Open MPI;
// `Tests/MPIPrograms/Header/abi-check.c` holds every line against an installed mpi.h.
#pragma once
#include <stddef.h>

typedef struct ompi_communicator_t *MPI_Comm;
typedef struct ompi_datatype_t *MPI_Datatype;
typedef struct ompi_errhandler_t *MPI_Errhandler;
typedef struct ompi_op_t *MPI_Op;
typedef struct ompi_request_t *MPI_Request;
typedef struct ompi_status_public_t MPI_Status;

/// The fields of an MPI_Status.
struct abi_status {
  int source, tag, error, cancelled;
  size_t bytes;
};

enum { ABI_THREAD_FUNNELED = 1, ABI_ANY_SOURCE = -1, ABI_ANY_TAG = -1 };

/// Every function: its name without MPI_, and its parameters. All return an int.
#define ABI_FUNCTIONS(F)                                                                                              \
  F(Init_thread, (int *, char ***, int, int *))                                                                       \
  F(Initialized, (int *))                                                                                             \
  F(Finalize, (void))                                                                                                 \
  F(Abort, (MPI_Comm, int))                                                                                           \
  F(Error_string, (int, char *, int *))                                                                               \
  F(Get_library_version, (char *, int *))                                                                             \
  F(Comm_set_errhandler, (MPI_Comm, MPI_Errhandler))                                                                  \
  F(Comm_rank, (MPI_Comm, int *))                                                                                     \
  F(Comm_size, (MPI_Comm, int *))                                                                                     \
  F(Comm_dup, (MPI_Comm, MPI_Comm *))                                                                                 \
  F(Comm_free, (MPI_Comm *))                                                                                          \
  F(Ibarrier, (MPI_Comm, MPI_Request *))                                                                              \
  F(Send, (const void *, int, MPI_Datatype, int, int, MPI_Comm))                                                      \
  F(Isend, (const void *, int, MPI_Datatype, int, int, MPI_Comm, MPI_Request *))                                      \
  F(Recv, (void *, int, MPI_Datatype, int, int, MPI_Comm, MPI_Status *))                                              \
  F(Test, (MPI_Request *, int *, MPI_Status *))                                                                       \
  F(Wait, (MPI_Request *, MPI_Status *))                                                                              \
  F(Iprobe, (int, int, MPI_Comm, int *, MPI_Status *))                                                                \
  F(Get_count, (const MPI_Status *, MPI_Datatype, int *))                                                             \
  F(Bcast, (void *, int, MPI_Datatype, int, MPI_Comm))                                                                \
  F(Gather, (const void *, int, MPI_Datatype, void *, int, MPI_Datatype, int, MPI_Comm))                              \
  F(Gatherv,                                                                                                          \
    (const void *, int, MPI_Datatype, void *, const int[], const int[], MPI_Datatype, int, MPI_Comm))                 \
  F(Allgather, (const void *, int, MPI_Datatype, void *, int, MPI_Datatype, MPI_Comm))                                \
  F(Allgatherv, (const void *, int, MPI_Datatype, void *, const int[], const int[], MPI_Datatype, MPI_Comm))          \
  F(Allreduce, (const void *, void *, int, MPI_Datatype, MPI_Op, MPI_Comm))

/// Every object: its type, our name, and the symbol whose address is the handle.
#define ABI_OBJECTS(O)                                                                                                \
  O(MPI_Comm, COMM_WORLD, ompi_mpi_comm_world)                                                                        \
  O(MPI_Errhandler, ERRORS_RETURN, ompi_mpi_errors_return)                                                            \
  O(MPI_Datatype, BYTE, ompi_mpi_byte)                                                                                \
  O(MPI_Datatype, INT32_T, ompi_mpi_int32_t)                                                                          \
  O(MPI_Datatype, INT64_T, ompi_mpi_int64_t)                                                                          \
  O(MPI_Op, SUM, ompi_mpi_op_sum)                                                                                     \
  O(MPI_Op, MIN, ompi_mpi_op_min)                                                                                     \
  O(MPI_Op, MAX, ompi_mpi_op_max)
