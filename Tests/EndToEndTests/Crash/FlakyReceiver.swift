import Synchronization
import TestSupport

/// Of ten messages it accepts eight, accepts one without its response arriving, and refuses one with an error.
final class FlakyReceiver: Sendable {
    private struct State {
        var random: SeededGenerator
        var isWell = false
        var taken: Set<Int> = []
    }

    private let state: Mutex<State>

    init(seed: UInt64) {
        state = Mutex(State(random: SeededGenerator(seed: seed)))
    }

    func answer(_ number: Int, _: RecordingReceiver.Request) -> RecordingReceiver.Behaviour {
        state.withLock { state in
            let fate = state.isWell ? 0 : Int.random(in: 0..<10, using: &state.random)
            if fate != 9 { state.taken.insert(number) }
            switch fate {
            case 8: return .loseAnswer
            case 9: return .answer(500)
            default: return .answer(200)
            }
        }
    }

    /// Accepts all messages from now on.
    func recover() {
        state.withLock { $0.isWell = true }
    }

    /// Whether it accepted the request with this number.
    func takes(_ number: Int) -> Bool {
        state.withLock { $0.taken.contains(number) }
    }
}
