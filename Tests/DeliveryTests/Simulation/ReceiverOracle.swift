import Certificates
import Messages

/// The messages that a receiver must have got, derived from the dates of the certificates and the times of passes,
/// without any record of what was sent.
struct ReceiverOracle {
    /// The urgency of each message. 0 means that there is none.
    private static let urgency = ["": 0, "30d": 1, "14d": 2, "expired": 3]
    /// How long after expiry, or after its decision, a message is still sent.
    private static let usefulness: Int64 = 7 * 86_400
    /// A stage that was sent less than this before its time is not withdrawn when the clock is corrected.
    private static let tolerance: Int64 = 86_400
    /// The messages that end a stage.
    private static let endings: Set<String> = ["renewed", "withdrawn"]

    /// The life of one certificate.
    struct Life {
        let certificate: Certificate
        /// The most urgent message that a pass must have decided, and the most urgent one that it may have decided.
        var surely = 0
        var perhaps = 0
        /// By the wall clock, when the message that may be due now can have been decided first.
        var decidedAt: Int64 = 0
        var isRenewed = false
        var mayBeRenewed = false
        /// No message could be sent in time, so it may be missing.
        var isExcused = false

        var expiry: Int64 {
            guard case .at(let instant) = certificate.validity.expiry else { return .max }
            return instant.seconds
        }
    }

    private(set) var lives: [Life] = []

    /// A certificate replaces `predecessor`, an index of `lives`.
    mutating func issue(_ certificate: Certificate) -> Int {
        lives.append(Life(certificate: certificate))
        return lives.count - 1
    }

    /// Records a pass over the present certificates. `isCertain` is false for a pass that was killed.
    mutating func look(at present: [Int], at wall: Int64, isCertain: Bool) {
        for index in lives.indices {
            if present.contains(index) {
                see(index, at: wall, isCertain: isCertain)
            } else {
                if !lives[index].mayBeRenewed {
                    lives[index].mayBeRenewed = true
                    news(of: index, at: wall)
                }
                if isCertain { lives[index].isRenewed = true }
            }
        }
    }

    private mutating func see(_ index: Int, at wall: Int64, isCertain: Bool) {
        let urgency = Self.urgency(secondsLeft: lives[index].expiry - wall)
        let latest = Self.urgency(secondsLeft: lives[index].expiry - wall - Self.tolerance)
        if lives[index].perhaps > latest {
            // The stage was sent by a clock that was ahead. A complete pass withdraws it, a killed one may.
            lives[index].surely = isCertain ? urgency : min(lives[index].surely, urgency)
            if isCertain { lives[index].perhaps = latest }
            return news(of: index, at: wall)
        }
        if urgency > lives[index].perhaps {
            lives[index].perhaps = urgency
            news(of: index, at: wall)
        }
        if isCertain { lives[index].surely = max(lives[index].surely, urgency) }
    }

    private mutating func news(of index: Int, at wall: Int64) {
        lives[index].decidedAt = wall
        lives[index].isExcused = false
    }

    /// Records a time in which no message could be sent.
    mutating func expire(at wall: Int64) {
        for index in lives.indices
        where wall > max(lives[index].expiry, lives[index].decidedAt) + Self.usefulness {
            lives[index].isExcused = true
        }
    }

    private static func urgency(secondsLeft: Int64) -> Int {
        if secondsLeft < 0 { return 3 }
        return secondsLeft <= 14 * 86_400 ? 2 : secondsLeft <= 30 * 86_400 ? 1 : 0
    }

    /// Compares the received messages with the required ones, at a time when everything that can be sent was sent.
    ///
    /// - Returns: the first difference, or nil.
    func complaint(about heard: [SimulatedReceiver.Message]) -> String? {
        let words = Dictionary(grouping: heard.filter { $0.fingerprint != nil }) { $0.fingerprint ?? "" }
        for (index, life) in lives.enumerated() {
            let told = words[life.certificate.fingerprint.description, default: []]
            if let complaint = Self.complaint(about: told, of: life) { return "certificate \(index): \(complaint)" }
        }
        return nil
    }

    private static func complaint(about told: [SimulatedReceiver.Message], of life: Life) -> String? {
        // A killed pass may or may not have seen the renewal.
        if life.mayBeRenewed, !life.isRenewed { return nil }
        let episodes = Dictionary(grouping: told.filter { urgency[$0.word] != nil }, by: \.episode)
            .sorted { $0.key < $1.key }.map { (number: $0.key, stages: $0.value.compactMap { urgency[$0.word] }) }
        let words = told.map { "\($0.word) of episode \($0.episode)" }
        for episode in episodes.dropLast()
        where !life.isExcused && !isOver(episode.number, in: told.filter { $0.episode == episode.number }) {
            return "what was told too early was never taken back: \(words)"
        }
        if life.isRenewed {
            guard let last = episodes.last, !isOver(last.number, in: told), !life.isExcused else { return nil }
            return "it is renewed, and the last word was \(words)"
        }
        guard told.allSatisfy({ $0.word != "renewed" }) else { return "it is there, and was told as \(words)" }
        for episode in episodes where episode.stages != episode.stages.sorted() {
            return "in the wrong order: \(words)"
        }
        let loudest = episodes.last.flatMap { isOver($0.number, in: told) ? nil : $0.stages.max() } ?? 0
        if loudest > life.perhaps { return "nobody can have decided \(words)" }
        if loudest < life.surely, !life.isExcused { return "\(words) is less than what was decided, \(life.surely)" }
        return nil
    }

    /// Whether the last message about an episode is its end. The end of an episode may arrive after a stage of the next
    /// one.
    private static func isOver(_ episode: Int64, in told: [SimulatedReceiver.Message]) -> Bool {
        let ending = told.last { $0.episode == episode || $0.episode > episode && endings.contains($0.word) }
        return ending.map { endings.contains($0.word) } ?? false
    }

    /// Messages that arrived more often than unknown results excuse.
    static func repeats(in heard: [SimulatedReceiver.Message], excused: [String: Int]) -> [String] {
        Dictionary(grouping: heard, by: \.id)
            .filter { $0.value.count > 1 + excused[$0.key, default: 0] }
            .map { "\($0.value[0].word) of \($0.value[0].fingerprint ?? "-"): \($0.value.count) times" }
    }
}
