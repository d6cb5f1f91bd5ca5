import CertificateDecoding
import Certificates
import ExpiryRules
import TestSupport
import Testing
import Verification

/// `Evaluation` gives the same results as a pass, whatever the order of the objects.
struct EvaluationTests {
    private static let now = VerificationLab.now
    private static let issuing = Registration(name: "issuing", role: .ca)
    private static let fleet = Registration(name: "fleet", role: .client, issuer: "issuing")
    private static let lists = Registration(name: "lists", role: .revocationList)
    private static let other = Registration(name: "other", role: .client)

    private let lab: VerificationLab
    private let plan = WatchPlan(
        registrations: [Self.issuing, Self.fleet, Self.other, Self.lists], route: Route(receivers: []))

    init() throws {
        lab = try VerificationLab()
    }

    // `lists` are PEM, in the entry without an issuer.
    private func result(
        _ seen: [(IssuedCertificate, Registration)], lists: [String] = []
    ) throws -> EvaluationResult {
        var evaluation = Evaluation(plan: plan)
        for (index, (certificate, registration)) in seen.enumerated() {
            let read = try #require(lab.decoder.certificate(der: certificate.der))
            evaluation.add(
                .certificate(read), der: certificate.der, at: .file(FilePath("\(index).pem"), index: 0),
                of: registration
            ) { CertificateExpectations(role: $0.role) }
        }
        for (index, pem) in lists.enumerated() {
            let read = try CertificateDecoder(keepsEncodings: true).bundle(Array(pem.utf8))
            let list = try #require(read.revocationLists.first)
            evaluation.add(
                .revocationList(list), der: try #require(read.encodings[list.fingerprint]),
                at: .file(FilePath("\(index).crl"), index: 0), of: Self.lists
            ) { CertificateExpectations(role: $0.role) }
        }
        return try evaluation.result(at: Self.now)
    }

    @Test func `a CA that is met after its certificates judges them all the same`() throws {
        let authority = try TestPKI.authority("Issuing", notAfter: Self.now + .days(20))
        let leaf = try authority.issue(.client, commonName: "leaf", notAfter: Self.now + .days(300))
        let seen = [(leaf, Self.fleet), (authority.certificate, Self.issuing)]
        for order in [seen, seen.reversed()] {
            let result = try result(order)
            let standing = try #require(result.standings()[leaf.fingerprint])
            #expect(standing.authority?.expiry == Self.now + .days(20))
            #expect(standing.authority?.culprit.name == "CN=Issuing")
            #expect(result.flaws()[leaf.fingerprint]?.map(\.code) == [.outlivesIssuer])
        }
    }

    @Test func `a list in an entry that names no issuer revokes, and one of another CA does no harm`() throws {
        let authority = try TestPKI.authority("Issuing")
        let stranger = try TestPKI.authority("Stranger")
        var template = CertificateTemplate(.client, commonName: "leaf")
        template.serial = [0x42]
        let leaf = try authority.issue(template)
        let seen = [
            (leaf, Self.fleet), (authority.certificate, Self.issuing), (stranger.certificate, Self.issuing),
        ]
        let ours = try authority.revocationList(revoking: [[0x42]])
        let theirs = try stranger.revocationList(revoking: [[0x42]])
        #expect(try result(seen, lists: [theirs, ours]).flaws()[leaf.fingerprint]?.map(\.code) == [.revoked])
        #expect(try result(seen, lists: [theirs]).flaws()[leaf.fingerprint]?.map(\.code) ?? [] == [])
        let empty = try authority.revocationList(revoking: [[0x43]])
        #expect(try result(seen, lists: [theirs, empty]).flaws()[leaf.fingerprint]?.map(\.code) ?? [] == [])
    }

    @Test func `of two registrations the worst counts, and each has findings of its own`() throws {
        let stranger = try TestPKI.authority("Stranger")
        let leaf = try stranger.issue(.client, commonName: "leaf")
        let result = try result([
            (leaf, Self.other), (leaf, Self.fleet), (lab.root.certificate, Self.issuing),
        ])
        #expect(result.standings()[leaf.fingerprint]?.watchers == ["fleet", "other"])
        #expect(result.flaws()[leaf.fingerprint]?.map(\.code) == [.issuerUnknown])
        #expect(result.findings().map { "\($0.registration) \($0.code)" } == ["fleet issuerUnknown"])
    }

    @Test func `an old CA beside its successor is replaced once no certificate needs it`() throws {
        let old = try TestPKI.authority("Issuing", notAfter: Self.now + .days(5))
        let successor = try old.renewed(notAfter: Self.now + .days(3_000))
        let leaf = try old.issue(.client, commonName: "leaf", notAfter: Self.now + .days(300))
        let seen = [(old.certificate, Self.issuing), (successor.certificate, Self.issuing)]
        let alone = try result(seen)
        #expect(alone.standings()[old.certificate.fingerprint]?.watchers == ["issuing"])
        let beside = try result(seen + [(leaf, Self.fleet)])
        #expect(beside.standings()[old.certificate.fingerprint]?.watchers == [])
        #expect(beside.standings()[successor.certificate.fingerprint]?.watchers == ["issuing"])
        #expect(beside.standings()[leaf.fingerprint]?.authority == nil)
    }

    @Test func `certificates of one serial number are found among all registrations`() throws {
        let certificates = try ["a", "b"].map { name in
            var template = CertificateTemplate(.client, commonName: name)
            template.serial = [0x11]
            return try lab.root.issue(template)
        }
        let result = try result([(certificates[0], Self.other), (certificates[1], Self.fleet)])
        #expect(
            result.findings().filter { $0.code == .duplicateSerialNumber }.map(\.registration) == ["other", "fleet"])
    }
}
