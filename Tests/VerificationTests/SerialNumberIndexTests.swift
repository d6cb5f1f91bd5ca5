import Certificates
import TestSupport
import Testing
import Verification

/// Serial numbers that occur in different certificates are found with hashes only.
struct SerialNumberIndexTests {
    private func certificate(_ name: String, serial: [UInt8], by authority: TestAuthority) throws -> Certificate {
        var template = CertificateTemplate(.client, commonName: name)
        template.serial = serial
        let lab = try VerificationLab()
        return try #require(lab.decoder.certificate(der: try authority.issue(template).der))
    }

    @Test func `certificates of one issuer and number concern each other, others do not`() throws {
        let (one, other) = (try TestPKI.authority("One"), try TestPKI.authority("Other"))
        let twins = [
            try certificate("a", serial: [0x11], by: one), try certificate("b", serial: [0x11], by: one),
        ]
        let strangers = [
            try certificate("c", serial: [0x12], by: one), try certificate("d", serial: [0x11], by: other),
        ]
        var index = SerialNumberIndex()
        for certificate in twins + strangers { index.insert(certificate) }
        let duplicates = index.duplicates()
        #expect(twins.allSatisfy(duplicates.concern))
        #expect(!strangers.contains(where: duplicates.concern))
    }

    @Test func `a certificate that lies in several places is no duplicate of itself`() throws {
        let certificate = try certificate("a", serial: [0x11], by: TestPKI.authority("One"))
        var index = SerialNumberIndex()
        for _ in 0..<3 { index.insert(certificate) }
        #expect(index.duplicates().isEmpty)
    }
}
