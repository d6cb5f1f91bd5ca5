import TestSupport

/// Ends the command with SIGKILL just before the nth call that leaves a trace outside of its memory: in a file or at a
/// receiver.
///
/// A library that is loaded before libc's own counts the calls of all threads together. (strace counts each thread's
/// apart, and so never kills a thread at a call that another one has made earlier.)
final class KillSwitch: Sendable {
    /// How the last call ends.
    enum Ending: String {
        case beforeCall = "before"
        /// Half of a write still reaches the file.
        case midWrite = "torn"
    }

    private let directory: TemporaryDirectory
    private let library: String

    /// Compiles the library with the compiler that Swift brings along.
    init() throws {
        directory = try TemporaryDirectory()
        library = directory.path(of: "killswitch.so")
        let source = try directory.write(Self.source, to: "killswitch.c")
        try RequiredTool("clang").run(["-shared", "-fPIC", "-Wall", "-Werror", "-O1", "-o", library, source])
    }

    /// The environment in which the nth call is the last; the first is 1.
    func environment(at call: Int, _ ending: Ending) -> [String: String] {
        ["LD_PRELOAD": library, "KILL_AT_CALL": "\(call)", "KILL_ENDING": ending.rawValue]
    }

    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <signal.h>
        #include <stdatomic.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <unistd.h>

        static atomic_long calls;

        static int is_last(void) {
            const char *at = getenv("KILL_AT_CALL");
            return at != NULL && atomic_fetch_add(&calls, 1) + 1 == atol(at);
        }

        static void die(void) {
            for (;;) kill(getpid(), SIGKILL);
        }

        #define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

        ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
            if (is_last()) {
                const char *ending = getenv("KILL_ENDING");
                if (ending != NULL && strcmp(ending, "torn") == 0) REAL(pwrite64)(file, bytes, count / 2, offset);
                die();
            }
            return REAL(pwrite64)(file, bytes, count, offset);
        }

        int fdatasync(int file) {
            if (is_last()) die();
            return REAL(fdatasync)(file);
        }

        int fsync(int file) {
            if (is_last()) die();
            return REAL(fsync)(file);
        }

        int ftruncate64(int file, off64_t length) {
            if (is_last()) die();
            return REAL(ftruncate64)(file, length);
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
