import Glibc

/// Runs `body` without root's right to read everything, so that permissions mean something in tests that run as root.
///
/// The file system's user is a property of the thread (setfsuid(2)), so that nothing else in the process is affected;
/// `body` must not change threads.
package func withoutPrivileges<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard geteuid() == 0 else { return try body() }
    // sys/fsuid.h is no part of Swift's Glibc module.
    typealias SetUser = @convention(c) (uid_t) -> Int32
    guard let symbol = dlsym(nil, "setfsuid") else { preconditionFailure("glibc has setfsuid") }
    let setUser = unsafeBitCast(symbol, to: SetUser.self)
    _ = setUser(65_534)
    defer { _ = setUser(0) }
    return try body()
}
