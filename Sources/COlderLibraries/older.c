// Some functions have got a new symbol in recent libraries without a change of what they compute: hypot in glibc 2.35,
// condition_variable::wait in libstdc++ 12. The program is linked with --wrap for each, so that calls end here and go to
// the symbol that has long been there. What is built on a new system then starts on an older one (Rocky and RHEL 9).
#define _GNU_SOURCE
#include "older.h"

#define WAIT _ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE
#define JOINED(a, b) a##b
#define PREFIXED(a, b) JOINED(a, b)
#define QUOTED(a) #a
#define NAME(a) QUOTED(a)

#if defined(__x86_64__) && defined(__GLIBC__)
#include <dlfcn.h>

static double (*older_hypot)(double, double);
static float (*older_hypotf)(float, float);
static void (*older_wait)(void *, void *);

// Before anything runs. All three are there wherever the program starts: it is linked with both libraries.
__attribute__((constructor)) static void find(void) {
  older_hypot = (double (*)(double, double))dlvsym(RTLD_DEFAULT, "hypot", "GLIBC_2.2.5");
  older_hypotf = (float (*)(float, float))dlvsym(RTLD_DEFAULT, "hypotf", "GLIBC_2.2.5");
  older_wait = (void (*)(void *, void *))dlvsym(RTLD_DEFAULT, NAME(WAIT), "GLIBCXX_3.4.11");
}
#else
double __real_hypot(double, double);
float __real_hypotf(float, float);
void PREFIXED(__real_, WAIT)(void *, void *);
#define older_hypot __real_hypot
#define older_hypotf __real_hypotf
#define older_wait PREFIXED(__real_, WAIT)
#endif

double __wrap_hypot(double x, double y) { return older_hypot(x, y); }
float __wrap_hypotf(float x, float y) { return older_hypotf(x, y); }
void PREFIXED(__wrap_, WAIT)(void *condition, void *lock) { older_wait(condition, lock); }
