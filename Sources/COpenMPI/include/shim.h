/// The parts of MPI that the program uses, with handles as Swift can hold them. The library is loaded by
/// `shim_load`, so that a program that runs alone needs none; every other function is called after it.
#pragma once
#include <stdint.h>

#define MPI_SUCCESS 0

typedef struct { void *_Nullable handle; } shim_comm;
typedef struct { void *_Nullable handle; } shim_request;
typedef struct { int32_t source, tag, count; } shim_envelope;

enum { SHIM_SUM = 0, SHIM_MIN = 1, SHIM_MAX = 2 };

/// Loads the MPI library `name`, as the dynamic loader finds it. Returns null, or what went wrong.
const char *_Nullable shim_load(const char *_Nonnull name);

int32_t shim_initialise(int32_t *_Nonnull funnelled);
int32_t shim_finalise(void);
/// 0 also where the library is not loaded.
int32_t shim_is_initialised(void);
/// Not MPI_SUCCESS where the library is not loaded.
int32_t shim_library_version(char *_Nonnull text, int32_t *_Nonnull length);
int32_t shim_error_string(int32_t code, char *_Nonnull text, int32_t *_Nonnull length);

shim_comm shim_world(void);
int32_t shim_return_errors(shim_comm c);
int32_t shim_abort(shim_comm c, int32_t code);
int32_t shim_rank(shim_comm c, int32_t *_Nonnull rank);
int32_t shim_size(shim_comm c, int32_t *_Nonnull size);
int32_t shim_duplicate(shim_comm c, shim_comm *_Nonnull copy);
int32_t shim_free(shim_comm *_Nonnull c);

int32_t shim_start_barrier(shim_comm c, shim_request *_Nonnull r);
int32_t shim_send(shim_comm c, const void *_Nullable bytes, int32_t n, int32_t to, int32_t tag);
int32_t shim_start_send(
    shim_comm c, const void *_Nullable bytes, int32_t n, int32_t to, int32_t tag, shim_request *_Nonnull r);
int32_t shim_test(shim_request *_Nonnull r, int32_t *_Nonnull done);
int32_t shim_wait(shim_request *_Nonnull r);
/// `source` and `tag` below 0 stand for any.
int32_t shim_probe(
    shim_comm c, int32_t source, int32_t tag, int32_t *_Nonnull found, shim_envelope *_Nonnull e);
int32_t shim_receive(shim_comm c, void *_Nullable bytes, int32_t n, int32_t from, int32_t tag);

int32_t shim_broadcast(shim_comm c, void *_Nullable bytes, int32_t n, int32_t root);
int32_t shim_gather_counts(shim_comm c, int32_t mine, int32_t *_Nonnull all, int32_t root);
int32_t shim_allgather_counts(shim_comm c, int32_t mine, int32_t *_Nonnull all);
int32_t shim_gather(
    shim_comm c, const void *_Nullable mine, int32_t n, void *_Nullable all, const int32_t *_Nullable counts,
    const int32_t *_Nullable starts, int32_t root);
int32_t shim_allgather(
    shim_comm c, const void *_Nullable mine, int32_t n, void *_Nullable all, const int32_t *_Nonnull counts,
    const int32_t *_Nonnull starts);
int32_t shim_allreduce_integers(
    shim_comm c, const int64_t *_Nonnull mine, int64_t *_Nonnull all, int32_t n, int32_t operation);
