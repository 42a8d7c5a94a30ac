/* mallopt, of a header of glibc that Swift's Glibc module leaves out. */
#ifndef ROSTRUM_CMALLOC_SHIM_H
#define ROSTRUM_CMALLOC_SHIM_H
#include <malloc.h>
#endif
