import Certificates
import Delivery
import Testing

struct PauseTests {
    @Test func `a pause lasts for its span`() async {
        let start = ContinuousClock.now
        await Pause.wait(.init(seconds: 1))
        #expect(ContinuousClock.now - start >= .seconds(1))
    }

    @Test func `a cancelled pause ends`() async {
        // Otherwise the test would not end.
        let pause = Task { await Pause.wait(.days(1)) }
        pause.cancel()
        await pause.value
    }
}
