import CurlBinding
import Testing

@Suite struct `Queue of jobs` {
    @Test func `jobs come out in the order in which they came, without those that were called off`() {
        var queue = JobQueue<Int>()
        (1...5).forEach { queue.append($0) }
        #expect(queue.remove { $0 == 1 } == 1)
        #expect(queue.remove { $0 == 4 } == 4)
        #expect(queue.remove { $0 == 4 } == nil)
        #expect(queue.count == 3)
        #expect((1...4).map { _ in queue.popFirst() } == [2, 3, 5, nil])
        #expect(queue.isEmpty)
        (6...7).forEach { queue.append($0) }
        #expect(queue.popFirst() == 6)
        #expect(queue.removeAll() == [7])
        #expect(queue.isEmpty && queue.popFirst() == nil)
    }

    @Test func `a queue through which many pass needs room for those alone that wait`() {
        var queue = JobQueue<Int>()
        (0..<10).forEach { queue.append($0) }
        var most = 0
        for job in 10..<10_000 {
            queue.append(job)
            #expect(queue.popFirst() == job - 10)
            most = max(most, queue.slotCount)
        }
        #expect(most <= 64)
    }
}
