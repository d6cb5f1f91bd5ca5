import Delivery
import LedgerStorage
import Messages
import TestSupport
import Testing
import TransportSecurity

/// The vectors of Standard Webhooks 1.0 from the tests of its libraries.
struct SignatureTests {
    private let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private let body = Array(#"{"test": 2432232314}"#.utf8)

    @Test(arguments: [
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        (
            "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "v1,O4Gjv1HqPqsMrjmczoggs/sWA8gZD0VyHG+fLh4+ktI="
        ),
    ])
    func `signatures are those of the specification`(secret: String, signature: String) throws {
        let secret = try #require(SigningSecret(parsing: secret))
        #expect(secret.signature(id: id, timestamp: 1_614_265_330, body: body) == signature)
    }

    @Test(arguments: [
        "", "whsec_", "whsec_AAEC", "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64!!",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    ])
    func `what is no secret is refused`(text: String) {
        #expect(SigningSecret(parsing: text) == nil)
    }

    @Test func `a secret file may hold a new and an old secret`() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n\nwhsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\r\n",
            to: "secret")
        #expect(try SigningSecretFile.read(path).count == 2)
    }

    @Test func `an error about a secret file names it and shows nothing of it`() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("hunter2-hunter2\n", to: "secret")
        let error = try #require(throws: SigningSecretError.self) { try SigningSecretFile.read(path) }
        #expect(error.description.contains(path))
        #expect(!error.description.contains("hunter2"))
    }
}

struct MessageIdentifierTests {
    private func identity(stage: Int64 = 2_592_000, episode: Int64 = 0, repetition: Int64 = 0) -> NoticeIdentity {
        NoticeIdentity(
            subject: .finding(registration: "fleet", code: .wentBackwards, place: "a:b"), kind: .expiring, stage: stage,
            episode: episode, repetition: repetition)
    }

    @Test func `an id is a function of facts and tells them apart`() throws {
        let id = try MessageIdentifier(of: identity(), to: "ops").description
        #expect(try MessageIdentifier(of: identity(), to: "ops").description == id)
        // Computed with Python's hashlib and base64. Receivers may store ids, so the function must never change.
        #expect(id == "na_7wqaihgeourd6vwfkt6d3ehzi6")
        let others = [
            try MessageIdentifier(of: identity(), to: "security"),
            try MessageIdentifier(of: identity(stage: 1), to: "ops"),
            try MessageIdentifier(of: identity(repetition: 1), to: "ops"),
            try MessageIdentifier(of: identity(episode: 1), to: "ops"),
        ]
        #expect(Set(others.map(\.description) + [id]).count == 5)
    }
}
