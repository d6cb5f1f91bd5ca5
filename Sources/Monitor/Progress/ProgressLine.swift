import Certificates

/// The line that shows a command's progress to a person: counted work, rate, time left. Time is an argument.
package struct ProgressLine: Sendable {
    /// A command that ends sooner shows nothing.
    private static let patience = Duration.seconds(1)

    /// The current step as it was seen first.
    private var first: (snapshot: WorkProgress.Snapshot, elapsed: Duration)?

    package init() {}

    /// The line at one moment, such as `verifying: 3000 of 10000 certificates, 1500/s, about 5 s left`.
    ///
    /// - Parameters:
    ///   - snapshot: the work at this moment.
    ///   - elapsed: the time since the command began its work.
    /// - Returns: nil while there is nothing to show yet.
    package mutating func text(of snapshot: WorkProgress.Snapshot?, after elapsed: Duration) -> String? {
        guard let snapshot else { return nil }
        if first?.snapshot.number != snapshot.number { first = (snapshot, elapsed) }
        guard elapsed >= Self.patience, let first else { return nil }
        let pace = Pace(done: snapshot.done - first.snapshot.done, in: elapsed - first.elapsed)
        let remaining = snapshot.total.map { $0 - snapshot.done } ?? 0
        let parts = [
            "\(snapshot.step.rawValue): \(Self.amount(snapshot))",
            pace.rate ?? "\(Self.rounded(elapsed - first.elapsed)) so far",
            remaining > 0 ? pace.time(for: remaining).map { "about \(Self.rounded($0)) left" } : nil,
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    private static func amount(_ snapshot: WorkProgress.Snapshot) -> String {
        let noun = snapshot.step.noun
        guard let total = snapshot.total else { return counted(snapshot.done, noun) }
        return "\(snapshot.done) of \(counted(max(total, snapshot.done), noun))"
    }

    /// Seconds below two minutes, minutes below two hours, then hours.
    private static func rounded(_ time: Duration) -> String {
        let seconds = time.components.seconds
        return switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        default: "\(seconds / 3_600) h"
        }
    }

    /// How fast a step goes.
    private struct Pace {
        /// A rate from a shorter time is an accident.
        private static let shortest = Duration.milliseconds(500)

        private let perSecond: Double?

        init(done: Int, in time: Duration) {
            perSecond = done > 0 && time >= Self.shortest ? Double(done) / (time / .seconds(1)) : nil
        }

        /// nil for less than one a second, where it says nothing.
        var rate: String? { perSecond.flatMap { $0 >= 1 ? "\(Int($0))/s" : nil } }

        func time(for count: Int) -> Duration? { perSecond.map { .seconds((Double(count) / $0).rounded(.up)) } }
    }
}

extension WorkProgress.Step {
    fileprivate var noun: String {
        switch self {
        case .reading: "file"
        case .fetching: "source"
        case .verifying: "certificate"
        case .probing: "endpoint"
        case .sending: "message"
        }
    }
}
