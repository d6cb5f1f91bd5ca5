import Delivery
import MessageSamples
import Messages
import TestSupport
import Testing

/// Templates and the limits of services.
struct TemplateLimitTests {
    @Test func `the result of a template is cut to the service's limits`() async throws {
        let lab = try ReceiverLab()
        for kind in ServiceTests.overHTTP {
            let service = try RecordingReceiver(try #require(FakeService.script(kind)))
            let plain = try lab.receiver(kind, at: service.url)
            let long = String(repeating: "長い {{subject}} & ", count: 500)
            let receiver = try #require(
                ConfiguredReceiver(
                    name: "lab", kind: kind, settings: plain.settings,
                    template: MessageTemplate(title: try TemplateSource(long), text: try TemplateSource(long))))
            let message = try receiver.composer.message(
                NoticeSample.facts(.expiring), registration: NoticeSample.registration)
            let verdict = try await lab.send(message, to: receiver)
            #expect(verdict.outcome == .delivered, "\(kind): \(verdict.detail)")
        }
    }
}
