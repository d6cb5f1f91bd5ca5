/// Transfers that wait for their turn: first come, first served, and never more than so many at once at one host.
struct WaitingJobs {
    /// A host that is asked by more connections than this at once answers slower, or holds it for an attack.
    static let mostPerHost = 64

    private var jobs: [TransferJob?] = []
    private var first = 0
    /// Those whose turn has come while their host had no room.
    private var parked: [String: [TransferJob]] = [:]
    private var ready: [TransferJob] = []
    private var underWay: [String: Int] = [:]

    mutating func append(_ job: TransferJob) {
        jobs.append(job)
    }

    /// The next one whose host has room, which it takes up until `finish`.
    mutating func next() -> TransferJob? {
        if let job = ready.popLast() { return takingRoom(job) }
        while first < jobs.count {
            defer { first += 1 }
            guard let job = jobs[first] else { continue }
            jobs[first] = nil
            // Nobody overtakes those who wait for the same host.
            if hasRoom(job.transfer.host), parked[job.transfer.host] == nil { return takingRoom(job) }
            parked[job.transfer.host, default: []].append(job)
        }
        jobs.removeAll(keepingCapacity: true)
        first = 0
        return nil
    }

    /// A transfer that `next` gave out has ended.
    mutating func finish(_ job: TransferJob) {
        let host = job.transfer.host
        let left = (underWay[host] ?? 1) - 1
        underWay[host] = left == 0 ? nil : left
        callNext(of: host)
    }

    /// A host has room again for one of those that wait for it.
    private mutating func callNext(of host: String) {
        guard var queue = parked[host] else { return }
        ready.append(queue.removeFirst())
        parked[host] = queue.isEmpty ? nil : queue
    }

    /// Takes out one that has not begun.
    mutating func remove(_ ticket: Ticket) -> TransferJob? {
        if let index = jobs.indices.first(where: { jobs[$0]?.ticket === ticket }) {
            defer { jobs[index] = nil }
            return jobs[index]
        }
        if let index = ready.firstIndex(where: { $0.ticket === ticket }) {
            let job = ready.remove(at: index)
            callNext(of: job.transfer.host)
            return job
        }
        for (host, queue) in parked {
            guard let index = queue.firstIndex(where: { $0.ticket === ticket }) else { continue }
            var shorter = queue
            let job = shorter.remove(at: index)
            parked[host] = shorter.isEmpty ? nil : shorter
            return job
        }
        return nil
    }

    /// Takes out all, for the end of the loop.
    mutating func removeAll() -> [TransferJob] {
        let all = jobs.compactMap(\.self) + ready + parked.values.flatMap(\.self)
        (jobs, ready, parked, first) = ([], [], [:], 0)
        return all
    }

    private func hasRoom(_ host: String) -> Bool {
        (underWay[host] ?? 0) < Self.mostPerHost
    }

    private mutating func takingRoom(_ job: TransferJob) -> TransferJob {
        underWay[job.transfer.host, default: 0] += 1
        return job
    }
}

extension Transfer {
    /// To whom it connects, as far as that is known before the name lookup.
    fileprivate var host: String {
        if let connectAddress { return connectAddress }
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        return String(url[start...].prefix { !"/?#".contains($0) }).lowercased()
    }
}
