#include "build_info.h"

#ifndef TRIFACTOR_COMMIT
#define TRIFACTOR_COMMIT "unknown"
#endif
#ifndef TRIFACTOR_DIRTY
#define TRIFACTOR_DIRTY 0
#endif

const char *build_commit(void) { return TRIFACTOR_COMMIT; }
int build_is_dirty(void) { return TRIFACTOR_DIRTY; }
