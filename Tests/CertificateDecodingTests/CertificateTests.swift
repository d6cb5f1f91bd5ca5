import CertificateDecoding
import Certificates
import TestSupport
import Testing

/// The facts that are read from certificates, including unusual ones.
struct CertificateTests {
    private let decoder: CertificateDecoder
    private let authority: TestAuthority

    init() throws {
        decoder = try CertificateDecoder()
        authority = try TestPKI.authority("Lab CA")
    }

    private func decoded(_ template: CertificateTemplate) throws -> Certificate {
        try #require(decoder.certificate(der: try authority.issue(template).der))
    }

    private func subject(_ names: [[CertificateTemplate.Attribute]]) throws -> String {
        var template = CertificateTemplate(.client, commonName: "")
        template.subject = names
        return try decoded(template).subject
    }

    @Test func `every field of a leaf is taken`() throws {
        var template = CertificateTemplate(
            .client, commonName: "device-1", notBefore: Instant(seconds: 1_000), notAfter: Instant(seconds: 2_000))
        template.serial = [0x00, 0x8F, 0x01]
        template.alternativeNames = [
            .dns("a.example.com"), .ip([10, 0, 0, 1]),
            .ip([0x20, 0x01, 0x0D, 0xB8] + .init(repeating: 0, count: 11) + [1]),
            .uri("spiffe://lab/device-1"), .email("ops@example.com"), .ip([1, 2]),
        ]
        let leaf = try decoded(template)
        #expect(leaf.subject == "CN=device-1")
        #expect(leaf.issuer == "CN=Lab CA")
        #expect(leaf.serialNumber.description == "8f01")
        #expect(leaf.validity == Validity(notBefore: Instant(seconds: 1_000), notAfter: Instant(seconds: 2_000)))
        #expect(!leaf.isCA)
        #expect(leaf.signatureAlgorithm == "ecdsa-with-SHA256")
        #expect(leaf.publicKey == "EC P-256")
        #expect(
            leaf.subjectAlternativeNames == [
                "DNS:a.example.com", "IP:10.0.0.1", "IP:2001:db8::1", "URI:spiffe://lab/device-1",
                "email:ops@example.com", "IP:#0102",
            ])
    }

    @Test func `an authority with an RSA key is recognised`() throws {
        let root = try TestPKI.authority("RSA Root", key: .rsa2048).certificate
        let certificate = try #require(decoder.certificate(der: root.der))
        #expect(certificate.isCA)
        #expect(certificate.publicKey == "RSA 2048")
        #expect(certificate.signatureAlgorithm == "sha256WithRSAEncryption")
        #expect(certificate.fingerprint == root.fingerprint)
    }

    @Test func `a version 1 certificate is read`() throws {
        var template = CertificateTemplate(.any, commonName: "old")
        template.version = nil
        let certificate = try decoded(template)
        #expect(certificate.subject == "CN=old")
        #expect(!certificate.isCA)
    }

    @Test(
        arguments: [
            ("UTCTime of 1950", "500101000000Z", 0x17, "1950-01-01T00:00:00Z"),
            ("UTCTime of 2049", "491231235959Z", 0x17, "2049-12-31T23:59:59Z"),
            ("GeneralizedTime of 2050", "20500101000000Z", 0x18, "2050-01-01T00:00:00Z"),
            ("after 2^31 seconds", "20380119031408Z", 0x18, "2038-01-19T03:14:08Z"),
            ("no well-defined expiry", "99991231235959Z", 0x18, "9999-12-31T23:59:59Z"),
            ("an offset, which only OpenSSL reads", "260101000000+0100", 0x17, "2025-12-31T23:00:00Z"),
            ("no seconds, which only OpenSSL reads", "2601010000Z", 0x17, "2026-01-01T00:00:00Z"),
        ] as [(String, String, UInt8, String)])
    func `a date is read to the second`(_: String, text: String, tag: UInt8, expected: String) throws {
        var template = CertificateTemplate(.client, commonName: "device-1")
        template.notAfter = .raw(text, tag: tag)
        #expect(try decoded(template).validity.notAfter?.description == expected)
    }

    @Test(
        arguments: [
            ("261301000000Z", 0x17), ("270229000000Z", 0x17), ("260101000060Z", 0x17), ("260101000000z", 0x17),
            ("", 0x17), ("20261301000000Z", 0x18), ("2026010100000\0Z", 0x18),
        ] as [(String, UInt8)])
    func `an unreadable date is a defect, and the certificate is listed`(text: String, tag: UInt8) throws {
        var template = CertificateTemplate(.client, commonName: "device-1")
        template.notAfter = .raw(text, tag: tag)
        let bundle = decoder.bundle(try authority.issue(template).der)
        #expect(bundle.certificates.map(\.subject) == ["CN=device-1"])
        #expect(bundle.certificates.first?.validity.expiry == .unreadable)
        #expect(bundle.certificates.first?.validity.notBefore == TestPKI.defaultNotBefore)
        #expect(bundle.defects.map(\.reason) == [.unreadableDate])
    }

    @Test func `the most specific name comes first, and attributes of one set are joined`() throws {
        let text = try subject([
            [.country("DE")], [.organization("Lab")], [.commonName("a"), .init("0.9.2342.19200300.100.1.1", "u1")],
        ])
        #expect(text == "CN=a+UID=u1,O=Lab,C=DE")
    }

    @Test(arguments: [
        ("a,b", "CN=a\\,b"), ("#a", "CN=\\#a"), (" a ", "CN=\\ a\\ "), (" ", "CN=\\ "), ("a\0b", "CN=a\\00b"),
        ("a\u{1B}[2Jb", "CN=a\\1B[2Jb"), ("line\nfeed", "CN=line\\0Afeed"), ("\"+;<>\\", "CN=\\\"\\+\\;\\<\\>\\\\"),
        ("Zürich", "CN=Zürich"), ("", "CN="),
    ])
    func `a hostile name is escaped as RFC 4514 has it`(text: String, expected: String) throws {
        #expect(try subject([[.commonName(text)]]) == expected)
    }

    @Test func `strings of every type become text, and unknown types hexadecimal`() throws {
        #expect(try subject([[.init("2.5.4.3", bytes: [0x5A, 0xFC], tag: 0x14)]]) == "CN=Zü")
        #expect(try subject([[.init("2.5.4.3", bytes: [0x00, 0x5A, 0x20, 0xAC], tag: 0x1E)]]) == "CN=Z€")
        #expect(try subject([[.init("2.5.4.3", bytes: [0, 0, 0, 0x5A], tag: 0x1C)]]) == "CN=Z")
        #expect(try subject([[.init("1.2.3.4", "x")]]) == "1.2.3.4=#0c0178")
        #expect(try subject([]) == "")
    }

    @Test func `a renewal shares the lineage's names, and its key if it was kept`() throws {
        let first = try authority.issue(.client, commonName: "device-1", alternativeNames: [.dns("a.example.com")])
        let renewed = try authority.issue(.client, commonName: "device-1", alternativeNames: [.dns("a.example.com")])
        let rekeyed = try authority.issue(
            .client, commonName: "device-1", alternativeNames: [.dns("b.example.com")], key: first.key)
        let keys = try [first, renewed, rekeyed].map { try #require(decoder.certificate(der: $0.der)).lineageKey }
        #expect(keys[0].names == keys[1].names)
        #expect(keys[0].publicKey != keys[1].publicKey)
        #expect(keys[0].names != keys[2].names)
        #expect(keys[0].publicKey == keys[2].publicKey)
    }

    @Test func `a certificate that names nobody has no names to be known by`() throws {
        var template = CertificateTemplate(.client, commonName: "")
        template.subject = []
        #expect(try decoded(template).lineageKey.names == nil)
    }

    @Test func `alternative names that cannot be read are a defect, and the certificate is listed`() throws {
        var template = CertificateTemplate(.client, commonName: "device-1")
        template.furtherExtensions = [CertificateTemplate.extension("2.5.29.17", [0x30, 0x05, 0x82])]
        let bundle = decoder.bundle(try authority.issue(template).der)
        #expect(bundle.certificates.map(\.subjectAlternativeNames) == [[]])
        #expect(bundle.defects.map(\.reason) == [.badDER])
    }
}
