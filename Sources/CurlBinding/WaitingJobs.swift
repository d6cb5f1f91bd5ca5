/// Transfers that wait for their turn: first come, first served, and never more than so many at once at one host.
struct WaitingJobs {
    /// A host that is asked by more connections than this at once answers slower, or holds it for an attack.
    static let mostPerHost = 64

    /// What is known of a host with connections under way.
    private struct Host {
        var underWay = 0
        /// Those whose turn has come while the host had no room.
        var parked = JobQueue<TransferJob>()
    }

    private var arrived = JobQueue<TransferJob>()
    /// Those whose host has room again for them.
    private var ready = JobQueue<TransferJob>()
    private var hosts: [String: Host] = [:]

    mutating func append(_ job: TransferJob) {
        arrived.append(job)
    }

    /// The next one whose host has room, which it takes up until `finish`.
    mutating func next() -> TransferJob? {
        if let job = ready.popFirst() {
            hosts[job.host, default: Host()].underWay += 1
            return job
        }
        while let job = arrived.popFirst() {
            if takesRoom(of: job) { return job }
        }
        return nil
    }

    /// A transfer that `next` gave out has ended.
    mutating func finish(_ job: TransferJob) {
        hosts[job.host]?.underWay -= 1
        callNext(of: job.host)
    }

    /// Takes out one that has not begun.
    mutating func remove(_ ticket: Ticket) -> TransferJob? {
        if let job = arrived.remove(where: { $0.ticket === ticket }) { return job }
        if let job = ready.remove(where: { $0.ticket === ticket }) {
            callNext(of: job.host)
            return job
        }
        for host in hosts.keys {
            if let job = hosts[host]?.parked.remove(where: { $0.ticket === ticket }) { return job }
        }
        return nil
    }

    /// Takes out all, for the end of the loop.
    mutating func removeAll() -> [TransferJob] {
        defer { hosts = [:] }
        return arrived.removeAll() + ready.removeAll() + hosts.keys.flatMap { hosts[$0]?.parked.removeAll() ?? [] }
    }

    /// Whether `job` may begin; one that may not is parked. None overtakes those that wait for the same host.
    private mutating func takesRoom(of job: TransferJob) -> Bool {
        // In place: a copy of the host's state would copy its queue with the next change.
        func take(_ host: inout Host) -> Bool {
            guard host.underWay < Self.mostPerHost, host.parked.isEmpty else {
                host.parked.append(job)
                return false
            }
            host.underWay += 1
            return true
        }
        return take(&hosts[job.host, default: Host()])
    }

    /// A host has room again for one of those that wait for it; one that has nothing to do is forgotten.
    private mutating func callNext(of host: String) {
        if let job = hosts[host]?.parked.popFirst() {
            ready.append(job)
        } else if hosts[host]?.underWay == 0 {
            hosts[host] = nil
        }
    }
}

extension Transfer {
    /// To whom it connects, as far as that is known before the name lookup.
    var host: String {
        if let connectAddress { return connectAddress }
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        return String(url[start...].prefix { !"/?#".contains($0) }).lowercased()
    }
}
