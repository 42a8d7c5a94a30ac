/* epoll and eventfd, two headers of glibc that Swift's Glibc module leaves out. */
#ifndef ROSTRUM_CEPOLL_SHIM_H
#define ROSTRUM_CEPOLL_SHIM_H
#include <sys/epoll.h>
#include <sys/eventfd.h>
#endif
