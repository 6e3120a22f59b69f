/// Asks for the cache line at `address` to be brought near. A hint: any address is allowed, nothing is read.
static inline __attribute__((always_inline)) void prefetchLine(const void *_Nonnull address) {
  __builtin_prefetch(address, 0, 2);
}
