/* Lets valgrind run programs that use libdispatch: it strikes its own signal out of the set that sigsuspend is given, and
 * libdispatch gives one that lies in memory that cannot be written. Loaded by LD_PRELOAD. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int sigsuspend(const sigset_t *set) {
    sigset_t copy = *set;
    return (int)syscall(SYS_rt_sigsuspend, &copy, _NSIG / 8);
}
