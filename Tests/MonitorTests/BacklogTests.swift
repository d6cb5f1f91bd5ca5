import Monitor
import Testing

@Suite struct `Reports that wait for the ledger` {
    @Test func `what was refused is recorded next time, before what came since`() {
        var backlog = Backlog<Int>(limit: 10)
        (1...3).forEach { backlog.append($0) }
        let taken = backlog.take()
        backlog.append(4)
        backlog.putBack(taken)
        #expect(backlog.isStuck)
        #expect(backlog.take() == [1, 2, 3, 4])
        backlog.settle()
        #expect(!backlog.isStuck && backlog.take().isEmpty)
    }

    @Test func `beyond its limit the oldest are given up, and counted`() {
        var backlog = Backlog<Int>(limit: 4)
        (1...4).forEach { backlog.append($0) }
        #expect(!backlog.hasRoom)
        let taken = backlog.take()
        #expect(backlog.hasRoom)
        (5...6).forEach { backlog.append($0) }
        backlog.putBack(taken)
        #expect(backlog.lost == 2)
        #expect(backlog.take() == [3, 4, 5, 6])
        backlog.settle()
        #expect(backlog.lost == 0)
    }
}
