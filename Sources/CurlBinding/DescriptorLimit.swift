import Glibc

/// The limit on the open files and sockets of the process.
package enum DescriptorLimit {
    /// The descriptors for the rest of the process: the ledger, the log, the status page, scanned files.
    private static let reserve = 128
    /// A socket, and during the name lookup the descriptors of the resolver.
    private static let descriptorsOfATransfer = 4
    /// Each name lookup has a thread, and a thousand threads are enough.
    private static let mostTransfers = 1_024

    /// Raises the soft limit to the number that all transfers need, if the hard limit allows it.
    ///
    /// The soft limit is 1,024 by default for programs that use `select`, which notafter does not.
    ///
    /// - Returns: how many transfers may run concurrently. With more the process would run out of descriptors, which
    ///   would look like hosts that are down.
    static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 64 }
        let wanted = rlim_t(mostTransfers * descriptorsOfATransfer + reserve)
        if limit.rlim_cur < wanted {
            var raised = limit
            raised.rlim_cur = min(wanted, limit.rlim_max)
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 {
                limit = raised
            }
        }
        return transfers(withinLimit: Int(clamping: limit.rlim_cur))
    }

    /// The hard limit, up to which notafter raises its own.
    package static var hard: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        return Int(clamping: limit.rlim_max)
    }

    /// How many transfers may run concurrently within a limit.
    package static func transfers(withinLimit limit: Int) -> Int {
        min(max((limit - reserve) / descriptorsOfATransfer, 1), mostTransfers)
    }
}
