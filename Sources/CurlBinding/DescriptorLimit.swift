import Glibc

/// How many files and sockets the process may have open.
enum DescriptorLimit {
    /// What the rest of the process needs: the ledger, log, status page, files being scanned.
    private static let reserve = 128
    /// A socket, and during the name lookup the resolver's own and the pair that it reports by.
    private static let descriptorsOfATransfer = 4
    /// A transfer's name lookup has a thread of its own, and a thousand of them are enough.
    private static let mostTransfers = 1_024

    /// Raises the soft limit as far as all transfers at once need it and the hard limit allows.
    ///
    /// The soft limit is 1,024 for the sake of programs that use `select`; we do not.
    ///
    /// - Returns: how many transfers can be under way at once without running out of descriptors, which would look as
    ///   if hosts were down.
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

    static func transfers(withinLimit limit: Int) -> Int {
        min(max((limit - reserve) / descriptorsOfATransfer, 1), mostTransfers)
    }
}
