/// Transfers that wait for their turn, first come, first served.
struct WaitingJobs {
    private var jobs: [TransferJob?] = []
    private var first = 0

    mutating func append(_ job: TransferJob) {
        jobs.append(job)
    }

    mutating func next() -> TransferJob? {
        while first < jobs.count {
            defer { first += 1 }
            if let job = jobs[first] {
                jobs[first] = nil
                return job
            }
        }
        jobs.removeAll(keepingCapacity: true)
        first = 0
        return nil
    }

    mutating func remove(_ ticket: Ticket) -> TransferJob? {
        guard let index = jobs.indices.first(where: { jobs[$0]?.ticket === ticket }) else { return nil }
        defer { jobs[index] = nil }
        return jobs[index]
    }
}
