/* Lets valgrind run programs that use libdispatch: valgrind removes its own signal from the set that is passed to sigsuspend,
 * and libdispatch passes one in read-only memory. Loaded with LD_PRELOAD. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int sigsuspend(const sigset_t *set) {
    sigset_t copy = *set;
    return (int)syscall(SYS_rt_sigsuspend, &copy, _NSIG / 8);
}
