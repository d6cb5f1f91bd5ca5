import Glibc

/// Runs `body` without root's right to read all files, so that permissions take effect in tests that run as root.
///
/// The user for file system access belongs to the thread (setfsuid(2)), so the rest of the process is not affected.
/// `body` must not change threads.
package func withoutPrivileges<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard geteuid() == 0 else { return try body() }
    // Swift's Glibc module does not include sys/fsuid.h.
    typealias SetUser = @convention(c) (uid_t) -> Int32
    guard let symbol = dlsym(nil, "setfsuid") else { preconditionFailure("glibc has setfsuid") }
    let setUser = unsafeBitCast(symbol, to: SetUser.self)
    _ = setUser(65_534)
    defer { _ = setUser(0) }
    return try body()
}
