import TestSupport

/// Ends the command with SIGKILL just before its nth call with an effect outside its memory: in a file or at a
/// receiver.
///
/// A library that is loaded before libc counts the calls of all threads together. (strace counts each thread
/// separately, so it never kills a thread at the nth call of the process.)
final class KillSwitch: Sendable {
    /// How the last call ends.
    enum Ending: String {
        case beforeCall = "before"
        /// Half of a write reaches the file.
        case midWrite = "torn"
        /// The machine fails with the process: written data that was not synchronised is lost.
        case powerCut = "power"
    }

    private let directory: TemporaryDirectory
    private let library: String

    /// Compiles the library with the Swift toolchain's C compiler.
    init() throws {
        directory = try TemporaryDirectory()
        library = directory.path(of: "killswitch.so")
        let source = try directory.write(Self.source, to: "killswitch.c")
        try RequiredTool("clang").run(["-shared", "-fPIC", "-Wall", "-Werror", "-O1", "-o", library, source])
    }

    /// The environment in which the nth call, counted from 1, is the last.
    func environment(at call: Int, _ ending: Ending) -> [String: String] {
        ["LD_PRELOAD": library, "KILL_AT_CALL": "\(call)", "KILL_ENDING": ending.rawValue]
    }

    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <pthread.h>
        #include <signal.h>
        #include <stdatomic.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <unistd.h>

        static atomic_long calls;

        static int is_last(void) {
            const char *at = getenv("KILL_AT_CALL");
            return at != NULL && atomic_fetch_add(&calls, 1) + 1 == atol(at);
        }

        #define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

        static int ends_by(const char *ending) {
            const char *wanted = getenv("KILL_ENDING");
            return wanted != NULL && strcmp(wanted, ending) == 0;
        }

        /* What was there before each change that no disk has yet, the last change first. */
        struct change {
            struct change *earlier;
            dev_t device;
            ino_t inode;
            int file;
            off64_t offset, size;
            ssize_t count;
            char bytes[];
        };
        static struct change *changes;
        static pthread_mutex_t disk = PTHREAD_MUTEX_INITIALIZER;

        static void remember(int file, size_t count, off64_t offset) {
            struct stat64 status;
            struct change *change = malloc(sizeof *change + count);
            if (change == NULL || fstat64(file, &status) != 0) abort();
            change->device = status.st_dev;
            change->inode = status.st_ino;
            change->file = dup(file);
            change->offset = offset;
            change->size = status.st_size;
            change->count = pread64(file, change->bytes, count, offset);
            change->earlier = changes;
            changes = change;
        }

        static void forget(int file) {
            struct stat64 status;
            if (fstat64(file, &status) != 0) abort();
            for (struct change **next = &changes; *next != NULL;) {
                struct change *change = *next;
                if (change->device == status.st_dev && change->inode == status.st_ino) {
                    *next = change->earlier;
                    close(change->file);
                    free(change);
                } else {
                    next = &change->earlier;
                }
            }
        }

        static void die(void) {
            /* Never given back: nothing is written any more. */
            if (ends_by("power")) {
                pthread_mutex_lock(&disk);
                for (struct change *change = changes; change != NULL; change = change->earlier) {
                    if (change->count > 0)
                        REAL(pwrite64)(change->file, change->bytes, change->count, change->offset);
                    REAL(ftruncate64)(change->file, change->size);
                }
            }
            for (;;) kill(getpid(), SIGKILL);
        }

        ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
            if (is_last()) {
                if (ends_by("torn")) REAL(pwrite64)(file, bytes, count / 2, offset);
                die();
            }
            if (!ends_by("power")) return REAL(pwrite64)(file, bytes, count, offset);
            pthread_mutex_lock(&disk);
            remember(file, count, offset);
            ssize_t written = REAL(pwrite64)(file, bytes, count, offset);
            pthread_mutex_unlock(&disk);
            return written;
        }

        static int synchronise(int file, int (*real)(int)) {
            if (is_last()) die();
            if (!ends_by("power")) return real(file);
            pthread_mutex_lock(&disk);
            int result = real(file);
            if (result == 0) forget(file);
            pthread_mutex_unlock(&disk);
            return result;
        }

        int fdatasync(int file) {
            return synchronise(file, REAL(fdatasync));
        }

        int fsync(int file) {
            return synchronise(file, REAL(fsync));
        }

        int ftruncate64(int file, off64_t length) {
            if (is_last()) die();
            if (!ends_by("power")) return REAL(ftruncate64)(file, length);
            pthread_mutex_lock(&disk);
            struct stat64 status;
            if (fstat64(file, &status) != 0) abort();
            off64_t lost = status.st_size > length ? status.st_size - length : 0;
            remember(file, lost, length);
            int result = REAL(ftruncate64)(file, length);
            pthread_mutex_unlock(&disk);
            return result;
        }

        int unlink(const char *path) {
            if (is_last()) die();
            return REAL(unlink)(path);
        }

        int connect(int file, const struct sockaddr *address, socklen_t length) {
            if (is_last()) die();
            return REAL(connect)(file, address, length);
        }

        ssize_t send(int file, const void *bytes, size_t count, int flags) {
            if (is_last()) die();
            return REAL(send)(file, bytes, count, flags);
        }

        ssize_t recv(int file, void *bytes, size_t count, int flags) {
            if (is_last()) die();
            return REAL(recv)(file, bytes, count, flags);
        }

        """
}
