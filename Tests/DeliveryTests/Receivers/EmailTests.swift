import Certificates
import Delivery
import ExpiryRules
import Foundation
import LedgerStorage
import MessageSamples
import Messages
import TestSupport
import Testing
import TransportSecurity

/// Mail, against aiosmtpd.
struct EmailTests {
    private let lab: ReceiverLab
    private let certificate: IssuedCertificate

    init() throws {
        lab = try ReceiverLab()
        let authority = try TestPKI.authority("Mail CA")
        certificate = try authority.issue(
            .server, commonName: "127.0.0.1", alternativeNames: [.ip([127, 0, 0, 1])])
        try lab.directory.write(authority.pem, to: "ca.pem")
    }

    private func receiver(
        _ server: SMTPServer, language: Language = .english, further: [String: SettingValue] = [:]
    ) throws -> ConfiguredReceiver {
        let settings: [String: SettingValue] = [
            "server": .text("127.0.0.1:\(server.port)"), "from": .text("notafter@example.com"),
            "to": .list(["oncall@example.com", "pki@example.com"]),
            "tls_config": .tls(TLSFiles(caFile: lab.directory.path(of: "ca.pem"))),
        ]
        return try lab.receiver(.email, at: "unused", language: language, further: settings.merging(further) { $1 })
    }

    private var login: [String: SettingValue] {
        ["username": .text("notafter"), "password_file": .file(lab.directory.path(of: "secret"))]
    }

    private func settings(_ change: (inout SMTPServer.Settings) -> Void) -> SMTPServer.Settings {
        var settings = SMTPServer.Settings()
        change(&settings)
        return settings
    }

    @Test func `EHLO says the name that is configured`() async throws {
        let server = try SMTPServer(certificate: certificate)
        let receiver = try receiver(server, further: ["hello": .text("alerts.example.com")])
        #expect(
            try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver).outcome
                == .delivered)
        #expect(try server.mails().map(\.hello) == ["alerts.example.com"])
    }

    @Test(arguments: [false, true], Language.allCases)
    func `mail is encrypted, authenticated, and read as it was meant`(implicit: Bool, language: Language) async throws {
        let server = try SMTPServer(
            certificate: certificate,
            settings: settings {
                $0.implicit = implicit
                $0.password = ReceiverLab.secret
            })
        let encryption = ["encryption": SettingValue.text(implicit ? "tls" : "starttls")]
        let receiver = try receiver(server, language: language, further: login.merging(encryption) { $1 })
        let message = try receiver.composer.message(
            NoticeSample.facts(.expiring), registration: NoticeSample.registration)
        let verdict = try await lab.send(message, to: receiver)
        #expect(verdict.outcome == .delivered, "\(verdict.detail)")
        #expect(verdict.detail == "SMTP 250 2.0.0 taken")
        let mail = try #require(try server.mails().first)
        #expect(mail.encrypted)
        #expect(mail.sender == "notafter@example.com")
        #expect(mail.recipients == ["oncall@example.com", "pki@example.com"])
        #expect(mail.headers["subject"] == message.title)
        #expect(mail.headers["message-id"] == "<\(message.id)@example.com>")
        #expect(mail.headers["auto-submitted"] == "auto-generated")
        #expect(mail.headers["date"] == "Fri, 15 Jan 2027 08:00:00 +0000")
        #expect(mail.text.contains(message.text) && mail.text.contains("platform"))
        #expect(mail.longest <= 78)
    }

    @Test func `hostile text stays text, in headers too, and one conversation has one root`() async throws {
        let server = try SMTPServer(certificate: certificate)
        let receiver = try receiver(server)
        let messages = try ReceiverLab.messages(to: receiver)
        for message in messages {
            #expect(try await lab.send(message, to: receiver).outcome == .delivered)
        }
        let mails = try server.mails()
        try #require(mails.count == messages.count)
        for (mail, message) in zip(mails, messages) {
            #expect(mail.headers["bcc"] == nil)
            #expect(mail.headers["subject"] == message.title)
            #expect(mail.recipients.count == 2 && mail.longest <= 78)
        }
        let expiring = messages.indices.filter { messages[$0].facts?.certificate != nil }
        #expect(Set(expiring.compactMap { mails[$0].headers["references"] }).count == 1)
    }

    @Test(arguments: [
        ("451 4.7.1 greylisted", AttemptOutcome.rejected, AttemptResult.Next.again(.messageFailed)),
        ("554 5.7.1 spam", .rejected, .park),
    ])
    func `only the reply to the final dot counts`(
        answer: String, outcome: AttemptOutcome, next: AttemptResult.Next
    ) async throws {
        let server = try SMTPServer(certificate: certificate, settings: settings { $0.answer = answer })
        let receiver = try receiver(server)
        let verdict = try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver)
        #expect(verdict.outcome == outcome && verdict.next == next, "\(verdict)")
        #expect(verdict.detail.contains(answer.prefix(9)))
        #expect(try server.mails().isEmpty)
    }

    @Test func `a connection that ends after the final dot leaves it open whether the mail is there`() async throws {
        let server = try SMTPServer(certificate: certificate, settings: settings { $0.vanish = true })
        let receiver = try receiver(server)
        let message = try receiver.composer.testMessage(at: ReceiverLab.now)
        let verdict = try await lab.send(message, to: receiver)
        #expect(verdict.outcome == .unknown && verdict.status == nil, "\(verdict)")
        _ = try await lab.send(message, to: receiver, number: 2, mayBeDuplicate: true)
        let mails = try server.mails()
        #expect(mails.count == 2 && Set(mails.compactMap { $0.headers["message-id"] }).count == 1)
    }

    @Test func `a refused recipient keeps no other from the mail, and is named`() async throws {
        let refused = ["pki@example.com": "550 5.1.1 no such user"]
        let server = try SMTPServer(certificate: certificate, settings: settings { $0.refused = refused })
        let receiver = try receiver(server)
        let verdict = try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver)
        #expect(verdict.outcome == .delivered)
        #expect(verdict.detail == "SMTP 250 2.0.0 taken; not to pki@example.com (550 5.1.1 no such user)")
        #expect(try server.mails().map(\.recipients) == [["oncall@example.com"]])
    }

    @Test func `nobody who takes it is a refusal`() async throws {
        let all = ["pki@example.com": "550 no such user", "oncall@example.com": "550 no such user"]
        let server = try SMTPServer(certificate: certificate, settings: settings { $0.refused = all })
        let receiver = try receiver(server)
        let verdict = try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver)
        #expect(verdict.outcome == .rejected && verdict.next == .park, "\(verdict)")
    }

    @Test func `nothing is said to a server without TLS, or with another's certificate`() async throws {
        let plain = try SMTPServer(certificate: nil)
        let toPlain = try receiver(plain, further: login)
        let verdict = try await lab.send(try toPlain.composer.testMessage(at: ReceiverLab.now), to: toPlain)
        #expect(verdict.outcome == .notSent, "\(verdict)")
        #expect(try plain.mails().isEmpty)
        let stranger = try TestPKI.authority("Stranger").issue(
            .server, commonName: "127.0.0.1", alternativeNames: [.ip([127, 0, 0, 1])])
        let forged = try SMTPServer(certificate: stranger)
        let toForged = try receiver(forged, further: login)
        #expect(
            try await lab.send(try toForged.composer.testMessage(at: ReceiverLab.now), to: toForged).outcome == .notSent
        )
    }

    @Test func `a wrong password parks the mail and is shown nowhere`() async throws {
        let server = try SMTPServer(certificate: certificate, settings: settings { $0.password = "another" })
        let receiver = try receiver(server, further: login)
        let verdict = try await lab.send(try receiver.composer.testMessage(at: ReceiverLab.now), to: receiver)
        #expect(verdict.outcome == .rejected && verdict.next == .park, "\(verdict)")
        #expect(!verdict.detail.contains(ReceiverLab.secret))
    }
}
