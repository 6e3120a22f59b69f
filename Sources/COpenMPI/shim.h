/// The parts of MPI that Swift cannot import: handles and constants that are macros over casts. Every handle is
/// wrapped in a struct of ours, so Swift never sees how an MPI library represents it.
#pragma once
#include <mpi.h>
#include <stdint.h>

typedef struct { MPI_Comm handle; } shim_comm;
typedef struct { MPI_Request handle; } shim_request;
typedef struct { int32_t source, tag, count; } shim_envelope;

enum { SHIM_SUM = 0, SHIM_MIN = 1, SHIM_MAX = 2 };

static inline MPI_Op shim_operation(int32_t which) {
  return which == SHIM_MIN ? MPI_MIN : which == SHIM_MAX ? MPI_MAX : MPI_SUM;
}

static inline int32_t shim_initialise(int32_t *provided) {
  int got = 0, code = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &got);
  *provided = got >= MPI_THREAD_FUNNELED;
  return code;
}
static inline int32_t shim_finalise(void) { return MPI_Finalize(); }
static inline int32_t shim_is_initialised(void) {
  int flag = 0;
  return MPI_Initialized(&flag) == MPI_SUCCESS && flag;
}
static inline int32_t shim_error_string(int32_t code, char *text, int32_t *length) {
  int n = 0, result = MPI_Error_string(code, text, &n);
  *length = n;
  return result;
}
static inline int32_t shim_library_version(char *text, int32_t *length) {
  int n = 0, result = MPI_Get_library_version(text, &n);
  *length = n;
  return result;
}

static inline shim_comm shim_world(void) { return (shim_comm){MPI_COMM_WORLD}; }
static inline int32_t shim_return_errors(shim_comm c) {
  return MPI_Comm_set_errhandler(c.handle, MPI_ERRORS_RETURN);
}
static inline int32_t shim_abort(shim_comm c, int32_t code) { return MPI_Abort(c.handle, code); }
static inline int32_t shim_rank(shim_comm c, int32_t *rank) { return MPI_Comm_rank(c.handle, rank); }
static inline int32_t shim_size(shim_comm c, int32_t *size) { return MPI_Comm_size(c.handle, size); }
static inline int32_t shim_duplicate(shim_comm c, shim_comm *copy) {
  return MPI_Comm_dup(c.handle, &copy->handle);
}
static inline int32_t shim_free(shim_comm *c) { return MPI_Comm_free(&c->handle); }

static inline int32_t shim_start_barrier(shim_comm c, shim_request *r) { return MPI_Ibarrier(c.handle, &r->handle); }

static inline int32_t shim_send(shim_comm c, const void *bytes, int32_t n, int32_t to, int32_t tag) {
  return MPI_Send(bytes, n, MPI_BYTE, to, tag, c.handle);
}
static inline int32_t shim_start_send(
    shim_comm c, const void *bytes, int32_t n, int32_t to, int32_t tag, shim_request *r) {
  return MPI_Isend(bytes, n, MPI_BYTE, to, tag, c.handle, &r->handle);
}
static inline int32_t shim_test(shim_request *r, int32_t *done) {
  int flag = 0, code = MPI_Test(&r->handle, &flag, MPI_STATUS_IGNORE);
  *done = flag;
  return code;
}
static inline int32_t shim_wait(shim_request *r) { return MPI_Wait(&r->handle, MPI_STATUS_IGNORE); }
/// `source` and `tag` below 0 stand for any.
static inline int32_t shim_probe(shim_comm c, int32_t source, int32_t tag, int32_t *found, shim_envelope *e) {
  MPI_Status s;
  int flag = 0, n = 0;
  int code = MPI_Iprobe(source < 0 ? MPI_ANY_SOURCE : source, tag < 0 ? MPI_ANY_TAG : tag, c.handle, &flag, &s);
  *found = flag;
  if (code == MPI_SUCCESS && flag) {
    code = MPI_Get_count(&s, MPI_BYTE, &n);
    *e = (shim_envelope){s.MPI_SOURCE, s.MPI_TAG, n};
  }
  return code;
}
static inline int32_t shim_receive(shim_comm c, void *bytes, int32_t n, int32_t from, int32_t tag) {
  return MPI_Recv(bytes, n, MPI_BYTE, from, tag, c.handle, MPI_STATUS_IGNORE);
}

static inline int32_t shim_broadcast(shim_comm c, void *bytes, int32_t n, int32_t root) {
  return MPI_Bcast(bytes, n, MPI_BYTE, root, c.handle);
}
static inline int32_t shim_gather_counts(shim_comm c, int32_t mine, int32_t *all, int32_t root) {
  return MPI_Gather(&mine, 1, MPI_INT32_T, all, 1, MPI_INT32_T, root, c.handle);
}
static inline int32_t shim_allgather_counts(shim_comm c, int32_t mine, int32_t *all) {
  return MPI_Allgather(&mine, 1, MPI_INT32_T, all, 1, MPI_INT32_T, c.handle);
}
static inline int32_t shim_gather(
    shim_comm c, const void *mine, int32_t n, void *all, const int32_t *counts, const int32_t *starts, int32_t root) {
  return MPI_Gatherv(mine, n, MPI_BYTE, all, counts, starts, MPI_BYTE, root, c.handle);
}
static inline int32_t shim_allgather(
    shim_comm c, const void *mine, int32_t n, void *all, const int32_t *counts, const int32_t *starts) {
  return MPI_Allgatherv(mine, n, MPI_BYTE, all, counts, starts, MPI_BYTE, c.handle);
}
static inline int32_t shim_allreduce_integers(
    shim_comm c, const int64_t *mine, int64_t *all, int32_t n, int32_t operation) {
  return MPI_Allreduce(mine, all, n, MPI_INT64_T, shim_operation(operation), c.handle);
}
