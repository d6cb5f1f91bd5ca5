import Monitor
import Testing

/// What a person sees of a command's progress. Time is given.
struct ProgressLineTests {
    /// The line after so many milliseconds, if the step began at the start and was seen at once.
    private func line(
        _ step: WorkProgress.Step, done: Int, of total: Int?, after milliseconds: Int
    ) -> String? {
        let progress = WorkProgress()
        progress.begin(step)
        if let total { progress.expect(total) }
        var line = ProgressLine()
        #expect(line.text(of: progress.snapshot, after: .zero) == nil)
        progress.advance(by: done)
        return line.text(of: progress.snapshot, after: .milliseconds(milliseconds))
    }

    @Test(
        arguments: [
            (.reading, 12_345, nil, 3_000, "reading: 12345 files, 4115/s"),
            (.reading, 1, nil, 2_000, "reading: 1 file, 2 s so far"),
            (.verifying, 3_000, 10_000, 2_000, "verifying: 3000 of 10000 certificates, 1500/s, about 5 s left"),
            (.verifying, 10_000, 10_000, 5_000, "verifying: 10000 of 10000 certificates, 2000/s"),
            (.probing, 0, 1, 12_000, "probing: 0 of 1 endpoint, 12 s so far"),
            (.probing, 2, 8, 10_000, "probing: 2 of 8 endpoints, 10 s so far, about 30 s left"),
            (.sending, 100, 1_000_000, 10_000, "sending: 100 of 1000000 messages, 10/s, about 27 h left"),
            (.fetching, 1, 3, 300_000, "fetching: 1 of 3 sources, 5 min so far, about 10 min left"),
            // More than was expected, as where files appear meanwhile.
            (.verifying, 12, 10, 2_000, "verifying: 12 of 12 certificates, 6/s"),
        ] as [(WorkProgress.Step, Int, Int?, Int, String)])
    func `counts, rate and time left`(
        step: WorkProgress.Step, done: Int, total: Int?, milliseconds: Int, expected: String
    ) {
        #expect(line(step, done: done, of: total, after: milliseconds) == expected)
    }

    @Test func `nothing is shown in the first second`() {
        #expect(line(.reading, done: 500, of: nil, after: 999) == nil)
        #expect(line(.reading, done: 500, of: nil, after: 1_000) == "reading: 500 files, 500/s")
    }

    @Test func `a command that has not begun shows nothing`() {
        var line = ProgressLine()
        #expect(line.text(of: WorkProgress().snapshot, after: .seconds(5)) == nil)
    }

    @Test func `each step has a rate of its own`() {
        let progress = WorkProgress()
        var line = ProgressLine()
        progress.begin(.reading)
        progress.advance(by: 90_000)
        _ = line.text(of: progress.snapshot, after: .seconds(30))
        progress.begin(.reading)
        #expect(line.text(of: progress.snapshot, after: .seconds(30)) == "reading: 0 files, 0 s so far")
        progress.advance(by: 40)
        #expect(line.text(of: progress.snapshot, after: .seconds(34)) == "reading: 40 files, 10/s")
    }

    @Test func `the total grows with what is found`() {
        let progress = WorkProgress()
        progress.begin(.verifying)
        progress.expect(3)
        progress.expect(4)
        progress.advance()
        #expect(progress.snapshot?.total == 7)
        #expect(progress.snapshot?.done == 1)
    }
}
