/// Jobs in the order of their arrival. Removing the first job moves no other job.
package struct JobQueue<Job> {
    /// nil for a job that was removed.
    private var slots: [Job?] = []
    private var head = 0

    package init() {}

    package private(set) var count = 0

    package var isEmpty: Bool { count == 0 }

    /// The number of slots in use, including those of removed jobs.
    package var slotCount: Int { slots.count }

    package mutating func append(_ job: Job) {
        slots.append(job)
        count += 1
    }

    package mutating func popFirst() -> Job? {
        defer { dropTaken() }
        while head < slots.count {
            defer { head += 1 }
            guard let job = slots[head] else { continue }
            slots[head] = nil
            count -= 1
            return job
        }
        return nil
    }

    /// Removes the first job that matches, at any position.
    package mutating func remove(where isWanted: (Job) -> Bool) -> Job? {
        guard let index = slots[head...].firstIndex(where: { $0.map(isWanted) == true }) else { return nil }
        defer { slots[index] = nil }
        count -= 1
        return slots[index]
    }

    package mutating func removeAll() -> [Job] {
        defer { self = JobQueue() }
        return slots[head...].compactMap(\.self)
    }

    /// Frees the removed slots. On average each removal moves at most one job.
    private mutating func dropTaken() {
        guard head > 32, head * 2 > slots.count else { return }
        slots.removeFirst(head)
        head = 0
    }
}
