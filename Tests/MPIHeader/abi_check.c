// A program of the tests: what Sources/COpenMPI/abi.h declares is what the installed mpi.h does. Types and layouts are
// compared where it is compiled, addresses where it runs.
#include <mpi.h>
#include <stddef.h>
#include <stdio.h>

#include "../../Sources/COpenMPI/abi.h"

#define FUNCTION(name, parameters)                                                                                    \
  _Static_assert(__builtin_types_compatible_p(__typeof__(&MPI_##name), int(*) parameters), "MPI_" #name);
ABI_FUNCTIONS(FUNCTION)

_Static_assert(sizeof(struct abi_status) == sizeof(MPI_Status), "MPI_Status");
_Static_assert(offsetof(struct abi_status, source) == offsetof(MPI_Status, MPI_SOURCE), "MPI_SOURCE");
_Static_assert(offsetof(struct abi_status, tag) == offsetof(MPI_Status, MPI_TAG), "MPI_TAG");
_Static_assert((int)ABI_THREAD_FUNNELED == (int)MPI_THREAD_FUNNELED, "MPI_THREAD_FUNNELED");
_Static_assert(ABI_ANY_SOURCE == MPI_ANY_SOURCE && ABI_ANY_TAG == MPI_ANY_TAG, "MPI_ANY_SOURCE, MPI_ANY_TAG");
_Static_assert(MPI_SUCCESS == 0, "MPI_SUCCESS");

int main(void) {
  int wrong = MPI_STATUS_IGNORE != NULL;
#define OBJECT(type, name, symbol)                                                                                    \
  if (MPI_##name != (type)(void *)&symbol) wrong += printf("MPI_" #name " is not the address of " #symbol "\n");
  ABI_OBJECTS(OBJECT)
  return wrong != 0;
}
