/// Jobs in the order in which they came. Taking the first one moves none of the others.
package struct JobQueue<Job> {
    /// nil where a job was taken out.
    private var slots: [Job?] = []
    private var head = 0

    package init() {}

    package private(set) var count = 0

    package var isEmpty: Bool { count == 0 }

    /// How many jobs it has room for at present, taken ones among them.
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

    /// Takes out the first job of this kind, wherever it waits.
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

    /// Each job moves at most once for each one that was taken.
    private mutating func dropTaken() {
        guard head > 32, head * 2 > slots.count else { return }
        slots.removeFirst(head)
        head = 0
    }
}
