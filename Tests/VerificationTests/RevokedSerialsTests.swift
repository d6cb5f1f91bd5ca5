import CertificateDecoding
import Certificates
import TestSupport
import Testing
import Verification

/// Lists that revoke no known certificate, and lists in entries without an issuer.
struct RevokedSerialsTests {
    private let lab: VerificationLab

    init() throws {
        lab = try VerificationLab()
    }

    private func list(_ pem: String) throws -> RegistrationCheck.EncodedList {
        let read = try CertificateDecoder(keepsEncodings: true).bundle(Array(pem.utf8))
        let list = try #require(read.revocationLists.first)
        return try RegistrationCheck.EncodedList(list, der: try #require(read.encodings[list.fingerprint]))
    }

    private func check(
        anchors: [TestAuthority] = [], listAuthorities: [TestAuthority] = []
    ) throws -> RegistrationCheck {
        try RegistrationCheck(
            CertificateExpectations(), anchors: lab.read(anchors.map(\.certificate)), intermediates: [],
            listAuthorities: lab.read(listAuthorities.map(\.certificate)), lists: [], checksRevocation: false)
    }

    private func findings(revoking serials: [[UInt8]], among known: [[UInt8]]) throws -> [CertificateFinding] {
        let certificates = try known.map { serial in
            try lab.read(lab.client { $0.serial = serial })[0].certificate
        }
        return try check().verdict(
            on: list(lab.root.revocationList(revoking: serials)), revoking: certificates, at: VerificationLab.now
        ).findings
    }

    @Test func `a list that revokes a known certificate is in order, whatever else it revokes`() throws {
        #expect(try findings(revoking: [[0x42], [0x77]], among: [[0x42], [0x43]]) == [])
        #expect(try findings(revoking: [], among: [[0x42]]) == [])
        #expect(try findings(revoking: [[0x77]], among: []) == [], "there is nothing to compare it with")
    }

    @Test func `a list of which no serial number is known is told`() throws {
        let found = try findings(revoking: [[0x77], [0x78]], among: [[0x0A, 0xBC]])
        #expect(found.map(\.code) == [.revokedSerialsUnknown])
        #expect(found.first?.message == "its 2 serial numbers are of no registered certificate of CN=Lab Root")
    }

    /// A certificate's serial number and its confused form: 0x1234 read as the decimal 1234 (0x4d2), as `cfssl gencrl`
    /// does, and its decimal form 4660 read as hexadecimal.
    @Test(arguments: [([0x12, 0x34], [0x04, 0xD2]), ([0x12, 0x34], [0x46, 0x60])] as [([UInt8], [UInt8])])
    func `a serial number with decimal and hexadecimal confused names the certificate`(
        own: [UInt8], listed: [UInt8]
    ) throws {
        let found = try findings(revoking: [listed], among: [own])
        #expect(found.map(\.code) == [.revokedSerialsMisread])
        #expect(found.first?.message.contains("CN=device-1 (1234)") == true, "\(found)")
    }

    @Test func `a list is verified by a CA that lies beside it, without an issuer's being named`() throws {
        let own = try list(lab.root.revocationList())
        func codes(_ check: RegistrationCheck) -> [FindingCode] {
            check.verdict(on: own, at: VerificationLab.now).findings.map(\.code)
        }
        let sameName = try TestPKI.authority("Lab Root")
        #expect(try codes(check(listAuthorities: [lab.root])) == [])
        #expect(try codes(check(listAuthorities: [sameName])) == [.listSignatureInvalid])
        #expect(try codes(check(listAuthorities: [sameName, lab.root])) == [])
        #expect(try codes(check(listAuthorities: [TestPKI.authority("Other")])) == [])
        #expect(try codes(check(anchors: [TestPKI.authority("Other")])) == [.listSignatureInvalid])
        #expect(try codes(check(anchors: [TestPKI.authority("Other")], listAuthorities: [lab.root])) == [])
    }
}
