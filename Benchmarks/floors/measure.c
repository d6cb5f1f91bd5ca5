/* Runs a command and prints its cost on standard error, after the output of the command:
 *
 *     measure COMMAND [ARGUMENT...]
 *     wall=SECONDS cpu=SECONDS peak_kib=KIB written_kib=KIB status=CODE
 *
 * This is a separate program, because Linux includes the memory of the forking process in the peak of the executed one, and
 * Python's is larger than that of the measured command. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(struct timeval time) {
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: measure COMMAND [ARGUMENT...]\n");
        return 64;
    }
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    pid_t child = fork();
    if (child == 0) {
        execv(argv[1], argv + 1);
        perror(argv[1]);
        _exit(127);
    }
    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        perror("measure");
        return 71;
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    fprintf(
        stderr, "wall=%.6f cpu=%.6f peak_kib=%ld written_kib=%ld status=%d\n",
        (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) * 1e-9,
        seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime), usage.ru_maxrss,
        usage.ru_oublock / 2, /* in blocks of 512 bytes (getrusage(2)) */
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
