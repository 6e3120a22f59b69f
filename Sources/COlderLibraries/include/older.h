#pragma once
#include <features.h>

double __wrap_hypot(double x, double y);
float __wrap_hypotf(float x, float y);
void __wrap__ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE(void *condition, void *lock);
