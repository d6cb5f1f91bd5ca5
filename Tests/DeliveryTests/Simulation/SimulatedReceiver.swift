import Certificates
import CurlBinding
import Foundation
import Messages
import Synchronization
import TestSupport

/// A receiver whose behaviour changes, and which records its messages.
final class SimulatedReceiver: TransferPerforming {
    /// How it treats messages at present.
    enum Mood: CaseIterable {
        case well
        case unreachable
        case failing
        case busy
        case refusing
        /// Accepts messages, but its responses never arrive.
        case mute
        /// Fails one request in five: before it accepts the message, while processing it, or when responding.
        case flaky
    }

    /// An accepted message.
    struct Message {
        let id: String
        let fingerprint: String?
        /// `30d`, `14d`, `expired`, `renewed`, `withdrawn`, or the last part of another type.
        let word: String
        /// The episode of the certificate's stages.
        let episode: Int64
    }

    private struct State {
        var mood: Mood
        var random: SeededGenerator
        var accepted: [Message] = []
        /// The number of times that a message was accepted without the sender's knowledge, by id.
        var excused: [String: Int] = [:]
        /// Whether the sender is killed when the next response arrives.
        var killsSender = false
    }

    private let state: Mutex<State>
    /// The receiver's URL. Requests to other URLs are accepted and only counted.
    private let url: String

    init(url: String, mood: Mood, seed: UInt64) {
        self.url = url
        state = Mutex(State(mood: mood, random: SeededGenerator(seed: seed)))
    }

    var mood: Mood {
        get { state.withLock { $0.mood } }
        set { state.withLock { $0.mood = newValue } }
    }

    var accepted: [Message] { state.withLock { $0.accepted } }
    var excused: [String: Int] { state.withLock { $0.excused } }

    /// Records that its sender did not learn of the last acceptance, for a reason of the sender's own.
    func excuseLast() {
        state.withLock { state in
            guard let id = state.accepted.last?.id else { return }
            state.excused[id, default: 0] += 1
        }
    }

    func perform(_ transfer: Transfer) async -> TransferResult {
        guard transfer.url == url else { return Self.taken }
        return state.withLock { state in
            switch state.mood {
            case .well:
                Self.message(transfer).map { state.accepted.append($0) }
                return Self.taken
            case .unreachable: return TransferResult(code: .connectFailed)
            case .failing: return TransferResult(code: .ok, status: 502, uploadedBytes: 1)
            case .busy:
                return TransferResult(code: .ok, status: 429, uploadedBytes: 1, retryAfterSeconds: 50_000)
            case .refusing: return TransferResult(code: .ok, status: 403, uploadedBytes: 1)
            case .mute: return Self.takeInSilence(transfer, &state)
            case .flaky:
                switch Int.random(in: 0..<100, using: &state.random) {
                case 0..<80:
                    Self.message(transfer).map { state.accepted.append($0) }
                    return Self.taken
                case 80..<90: return TransferResult(code: .ok, status: 503, uploadedBytes: 1)
                case 90..<95: return Self.takeInSilence(transfer, &state)
                default: return TransferResult(code: .ok, status: 500, uploadedBytes: 1)
                }
            }
        }
    }

    private static let taken = TransferResult(code: .ok, status: 200, uploadedBytes: 1)

    private static func takeInSilence(_ transfer: Transfer, _ state: inout State) -> TransferResult {
        if let message = message(transfer) {
            state.accepted.append(message)
            state.excused[message.id, default: 0] += 1
        }
        return TransferResult(code: .receiveFailed, uploadedBytes: 1)
    }

    private static func message(_ transfer: Transfer) -> Message? {
        struct Body: Decodable {
            struct Facts: Decodable {
                struct Facts: Decodable { let sha256: String }

                let certificate: Facts?
                let stage: String?
                let episode: Int64?
            }

            let type: String
            let data: Facts
        }
        guard case .post(let bytes) = transfer.method,
            let body = try? JSONDecoder().decode(Body.self, from: Data(bytes)),
            let id = transfer.headers.first(where: { $0.name == "webhook-id" })?.value
        else { return nil }
        let word = body.type.split(separator: ".").last.map(String.init) ?? ""
        return Message(
            id: id, fingerprint: body.data.certificate?.sha256,
            word: word == "expiring" ? body.data.stage ?? "" : word, episode: body.data.episode ?? 0)
    }
}
