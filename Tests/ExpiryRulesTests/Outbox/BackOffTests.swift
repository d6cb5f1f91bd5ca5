import Certificates
import ExpiryRules
import Testing

struct BackOffTests {
    @Test func `attempts at a message become rarer and never end`() {
        let delays = (1...14).map { BackOff.message(afterFailures: $0, jitter: 1_000).seconds }
        #expect(
            delays == [5, 10, 15, 20, 30, 60, 300, 1_800, 7_200, 18_000, 36_000, 43_200, 43_200, 43_200])
    }

    @Test func `so do attempts at a receiver`() {
        let delays = (1...9).map { BackOff.receiver(afterClosings: $0, jitter: 1_000).seconds }
        #expect(delays == [5, 300, 1_800, 7_200, 18_000, 36_000, 43_200, 43_200, 43_200])
    }

    @Test(arguments: [(800, 240), (1_200, 360), (0, 1)] as [(Int64, Int64)])
    func `jitter moves a delay, and none is shorter than a second`(jitter: Int64, seconds: Int64) {
        #expect(BackOff.receiver(afterClosings: 2, jitter: jitter) == TimeSpan(seconds: seconds))
    }
}
