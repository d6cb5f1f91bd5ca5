/// Transfers that wait for a slot, in the order of their arrival, with a limit for each host.
struct WaitingJobs {
    /// The limit for concurrent connections to one host. With more, hosts respond more slowly or suspect an attack.
    static let mostPerHost = 64

    /// The state of a host with active connections.
    private struct Host {
        var underWay = 0
        /// Jobs that reached the front of the queue while the host was at its limit.
        var parked = JobQueue<TransferJob>()
    }

    private var arrived = JobQueue<TransferJob>()
    /// Jobs whose host has a free slot for them.
    private var ready = JobQueue<TransferJob>()
    private var hosts: [String: Host] = [:]

    mutating func append(_ job: TransferJob) {
        arrived.append(job)
    }

    /// The next job whose host is below its limit. It occupies a slot until `finish`.
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

    /// Frees the slot of a job that `next` returned.
    mutating func finish(_ job: TransferJob) {
        hosts[job.host]?.underWay -= 1
        callNext(of: job.host)
    }

    /// Removes a job that has not started.
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

    /// Removes all jobs, when the loop ends.
    mutating func removeAll() -> [TransferJob] {
        defer { hosts = [:] }
        return arrived.removeAll() + ready.removeAll() + hosts.keys.flatMap { hosts[$0]?.parked.removeAll() ?? [] }
    }

    /// Whether `job` may start. Otherwise it is parked. It never overtakes jobs that wait for the same host.
    private mutating func takesRoom(of job: TransferJob) -> Bool {
        // In place: a copy of the host's state would copy its queue at the next change.
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

    /// Moves the next parked job of a host to the ready queue, or removes the state of an idle host.
    private mutating func callNext(of host: String) {
        if let job = hosts[host]?.parked.popFirst() {
            ready.append(job)
        } else if hosts[host]?.underWay == 0 {
            hosts[host] = nil
        }
    }
}

extension Transfer {
    /// The host of the connection, as known before the name lookup.
    var host: String {
        if let connectAddress { return connectAddress }
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        return String(url[start...].prefix { !"/?#".contains($0) }).lowercased()
    }
}
