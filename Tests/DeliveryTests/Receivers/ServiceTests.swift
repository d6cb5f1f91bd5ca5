import Certificates
import CurlBinding
import Delivery
import ExpiryRules
import Foundation
import LedgerStorage
import MessageSamples
import Messages
import TestSupport
import Testing
import TransportSecurity

/// Every receiver against a fake of its service.
struct ServiceTests {
    static let overHTTP = ReceiverKind.allCases.filter { FakeService.script($0) != nil }

    @Test(arguments: overHTTP, Language.allCases)
    func `a service takes every message, however hostile and long its text`(
        kind: ReceiverKind, language: Language
    ) async throws {
        let lab = try ReceiverLab()
        let service = try RecordingReceiver(try #require(FakeService.script(kind)))
        let receiver = try lab.receiver(kind, at: service.url, language: language)
        for message in try ReceiverLab.messages(to: receiver) {
            let verdict = try await lab.send(message, to: receiver)
            #expect(verdict.outcome == .delivered, "\(kind) \(message.type): \(verdict.detail)")
        }
    }

    @Test(arguments: overHTTP + [.alertmanager])
    func `what is frozen holds no secret, and neither does what is said of an answer that echoes it`(
        kind: ReceiverKind
    ) async throws {
        let lab = try ReceiverLab()
        let service = try RecordingReceiver { _, request in
            let headers = request.headers.map { "\($0): \($1)" }.sorted().joined(separator: "; ")
            let escaped = request.text.replacingOccurrences(of: "/", with: "\\/")
            return .answer(
                403, headers: ["Location: \(request.path)"],
                body: "\(headers) \(request.path) \(escaped)".replacingOccurrences(of: "\n", with: " "))
        }
        let receiver = try lab.receiver(kind, at: service.url)
        let message = try receiver.composer.message(
            NoticeSample.facts(.expiring), registration: NoticeSample.registration)
        let body = try receiver.receiver.body(for: message)
        #expect(!String(decoding: body, as: UTF8.self).contains(ReceiverLab.secret))
        for status in [200, 302, 400, 403, 404, 410, 429, 500] {
            service.behave { _, request in
                let all = request.headers.map { "\($0): \($1)" }.sorted().joined(separator: "; ")
                return .answer(
                    status, headers: ["Location: \(request.path)"], body: "\(request.path) \(request.text) \(all)")
            }
            let verdict = try await lab.send(message, to: receiver)
            #expect(!verdict.detail.contains(ReceiverLab.secret), "\(kind) \(status): \(verdict.detail)")
        }
        let sent = service.requests.first.map { "\($0.path) \($0.headers) \($0.text)" } ?? ""
        #expect(sent.contains(ReceiverLab.secret), "the service itself must have had it")
        #expect(!String(reflecting: receiver).contains(ReceiverLab.secret))
    }

    @Test(arguments: overHTTP + [.alertmanager])
    func `a secret that is changed is used at the next attempt, and one that is gone names its file`(
        kind: ReceiverKind
    ) async throws {
        let lab = try ReceiverLab()
        let service = try RecordingReceiver()
        let receiver = try lab.receiver(kind, at: service.url)
        let message = try receiver.composer.testMessage(at: ReceiverLab.now)
        _ = try await lab.send(message, to: receiver)
        try lab.directory.write("rotated-secret-1f\n", to: "secret")
        try lab.directory.write("\(service.url)/rotated-secret-1f\n", to: "url")
        let before = service.requests.count
        _ = try await lab.send(message, to: receiver)
        let last = try #require(service.requests.dropFirst(before).first)
        #expect("\(last.path) \(last.headers) \(last.text)".contains("rotated-secret-1f"))
        try FileManager.default.removeItem(atPath: lab.directory.path(of: "secret"))
        try FileManager.default.removeItem(atPath: lab.directory.path(of: "url"))
        let error = try await #require(throws: SecretFileError.self) { try await lab.send(message, to: receiver) }
        #expect(error.description.contains(lab.directory.path) && error.description.contains("does not exist"))
    }

    @Test(arguments: overHTTP)
    func `redirects are parked and not followed`(kind: ReceiverKind) async throws {
        let lab = try ReceiverLab()
        let target = try RecordingReceiver()
        let service = try RecordingReceiver { _, _ in .answer(308, headers: ["Location: \(target.url)"]) }
        let receiver = try lab.receiver(kind, at: service.url)
        let verdict = try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver)
        #expect(verdict.outcome == .rejected && verdict.next == .park)
        #expect(target.requests.isEmpty)
    }
}
