#ifndef CALLOCATOR_SHIM_H
#define CALLOCATOR_SHIM_H

/* Swift's Glibc module leaves this header out. */
#include <malloc.h>

#endif
