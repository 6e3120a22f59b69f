#define _GNU_SOURCE
#include "shim.h"

#include "abi.h"
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>

#define FUNCTION(name, parameters) int(*name) parameters;
#define OBJECT(type, name, symbol) type name;
static struct {
  ABI_FUNCTIONS(FUNCTION)
  ABI_OBJECTS(OBJECT)
  bool loaded;
} mpi;

const char *shim_load(const char *name) {
  if (mpi.loaded) return NULL;
  static char missing[256];
  // Open MPI's plug-ins look for symbols of the library among those of the program.
  void *library = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
  if (library == NULL) return dlerror();
#define FIND(place, symbol)                                                                                           \
  if ((*(void **)&mpi.place = dlsym(library, symbol)) == NULL) {                                                      \
    snprintf(missing, sizeof missing, "%s: no symbol %s; it is not Open MPI 4 or 5", name, symbol);                   \
    return missing;                                                                                                   \
  }
#define FIND_FUNCTION(name, parameters) FIND(name, "MPI_" #name)
#define FIND_OBJECT(type, name, symbol) FIND(name, #symbol)
  ABI_FUNCTIONS(FIND_FUNCTION)
  ABI_OBJECTS(FIND_OBJECT)
  mpi.loaded = true;
  return NULL;
}

static MPI_Comm comm(shim_comm c) { return (MPI_Comm)c.handle; }
static MPI_Request *request(shim_request *r) { return (MPI_Request *)&r->handle; }

int32_t shim_initialise(int32_t *funnelled) {
  int got = 0, code = mpi.Init_thread(NULL, NULL, ABI_THREAD_FUNNELED, &got);
  *funnelled = got >= ABI_THREAD_FUNNELED;
  return code;
}
int32_t shim_finalise(void) { return mpi.Finalize(); }
int32_t shim_is_initialised(void) {
  int flag = 0;
  return mpi.loaded && mpi.Initialized(&flag) == MPI_SUCCESS && flag;
}
int32_t shim_error_string(int32_t code, char *text, int32_t *length) { return mpi.Error_string(code, text, length); }
int32_t shim_library_version(char *text, int32_t *length) {
  return mpi.loaded ? mpi.Get_library_version(text, length) : !MPI_SUCCESS;
}

shim_comm shim_world(void) { return (shim_comm){mpi.COMM_WORLD}; }
int32_t shim_return_errors(shim_comm c) { return mpi.Comm_set_errhandler(comm(c), mpi.ERRORS_RETURN); }
int32_t shim_abort(shim_comm c, int32_t code) { return mpi.Abort(comm(c), code); }
int32_t shim_rank(shim_comm c, int32_t *rank) { return mpi.Comm_rank(comm(c), rank); }
int32_t shim_size(shim_comm c, int32_t *size) { return mpi.Comm_size(comm(c), size); }
int32_t shim_duplicate(shim_comm c, shim_comm *copy) { return mpi.Comm_dup(comm(c), (MPI_Comm *)&copy->handle); }
int32_t shim_free(shim_comm *c) { return mpi.Comm_free((MPI_Comm *)&c->handle); }

int32_t shim_start_barrier(shim_comm c, shim_request *r) { return mpi.Ibarrier(comm(c), request(r)); }

int32_t shim_send(shim_comm c, const void *bytes, int32_t n, int32_t to, int32_t tag) {
  return mpi.Send(bytes, n, mpi.BYTE, to, tag, comm(c));
}
int32_t shim_start_send(shim_comm c, const void *bytes, int32_t n, int32_t to, int32_t tag, shim_request *r) {
  return mpi.Isend(bytes, n, mpi.BYTE, to, tag, comm(c), request(r));
}
int32_t shim_test(shim_request *r, int32_t *done) { return mpi.Test(request(r), done, NULL); }
int32_t shim_wait(shim_request *r) { return mpi.Wait(request(r), NULL); }

int32_t shim_probe(shim_comm c, int32_t source, int32_t tag, int32_t *found, shim_envelope *e) {
  struct abi_status status = {0};
  int n = 0;
  int code = mpi.Iprobe(
      source < 0 ? ABI_ANY_SOURCE : source, tag < 0 ? ABI_ANY_TAG : tag, comm(c), found, (MPI_Status *)&status);
  if (code == MPI_SUCCESS && *found) {
    code = mpi.Get_count((MPI_Status *)&status, mpi.BYTE, &n);
    *e = (shim_envelope){status.source, status.tag, n};
  }
  return code;
}
int32_t shim_receive(shim_comm c, void *bytes, int32_t n, int32_t from, int32_t tag) {
  return mpi.Recv(bytes, n, mpi.BYTE, from, tag, comm(c), NULL);
}

int32_t shim_broadcast(shim_comm c, void *bytes, int32_t n, int32_t root) {
  return mpi.Bcast(bytes, n, mpi.BYTE, root, comm(c));
}
int32_t shim_gather_counts(shim_comm c, int32_t mine, int32_t *all, int32_t root) {
  return mpi.Gather(&mine, 1, mpi.INT32_T, all, 1, mpi.INT32_T, root, comm(c));
}
int32_t shim_allgather_counts(shim_comm c, int32_t mine, int32_t *all) {
  return mpi.Allgather(&mine, 1, mpi.INT32_T, all, 1, mpi.INT32_T, comm(c));
}
int32_t shim_gather(
    shim_comm c, const void *mine, int32_t n, void *all, const int32_t *counts, const int32_t *starts, int32_t root) {
  return mpi.Gatherv(mine, n, mpi.BYTE, all, counts, starts, mpi.BYTE, root, comm(c));
}
int32_t shim_allgather(
    shim_comm c, const void *mine, int32_t n, void *all, const int32_t *counts, const int32_t *starts) {
  return mpi.Allgatherv(mine, n, mpi.BYTE, all, counts, starts, mpi.BYTE, comm(c));
}
int32_t shim_allreduce_integers(shim_comm c, const int64_t *mine, int64_t *all, int32_t n, int32_t operation) {
  MPI_Op operations[] = {[SHIM_SUM] = mpi.SUM, [SHIM_MIN] = mpi.MIN, [SHIM_MAX] = mpi.MAX};
  return mpi.Allreduce(mine, all, n, mpi.INT64_T, operations[operation], comm(c));
}
