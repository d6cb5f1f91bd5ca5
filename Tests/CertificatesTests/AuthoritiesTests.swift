import Certificates
import Testing

/// The CAs that a path may contain, by their names.
@Suite struct AuthoritiesTests {
    private func certificate(_ number: UInt8, _ subject: String, by issuer: String, isCA: Bool = true) throws
        -> Certificate
    {
        Certificate(
            fingerprint: try #require(Fingerprint(bytes: [UInt8](repeating: number, count: 32))), subject: subject,
            issuer: issuer, serialNumber: SerialNumber(octets: [number]),
            validity: Validity(notBefore: Instant(seconds: 0), notAfter: Instant(seconds: 1)), isCA: isCA,
            signatureAlgorithm: "", publicKey: "", subjectAlternativeNames: [],
            lineageKey: LineageKey(names: nil, publicKey: []))
    }

    /// A trust store with a hundred unrelated CAs, of which OpenSSL must parse none.
    @Test func `of a large trust store those alone are chosen whose names lead upwards`() throws {
        let chain = [
            try certificate(201, "CN=Issuing", by: "CN=Policy"), try certificate(202, "CN=Policy", by: "CN=Root"),
            try certificate(203, "CN=Policy", by: "CN=Other root"), try certificate(204, "CN=Root", by: "CN=Root"),
        ]
        let strangers = try (0..<100).map { try certificate($0, "CN=Stranger \($0)", by: "CN=Stranger \($0)") }
        let servers = [try certificate(205, "CN=Issuing", by: "CN=Issuing", isCA: false)]
        let all = strangers + chain + servers
        let encodings = Dictionary(uniqueKeysWithValues: all.map { ($0.fingerprint, [UInt8](repeating: 1, count: 4)) })
        let store = CertificateBundle(
            merging: [
                CertificateBundle(certificates: strangers, encodings: encodings),
                CertificateBundle(certificates: chain + servers, encodings: encodings),
            ])
        let above = store.authorities(above: try certificate(1, "CN=leaf", by: "CN=Issuing", isCA: false))
        #expect(Set(above.certificates) == Set(chain))
        #expect(Set(above.encodings.keys) == Set(chain.map(\.fingerprint)))
    }

    @Test func `names in a circle come to an end, and an unknown issuer leads nowhere`() throws {
        let circle = CertificateBundle(certificates: [
            try certificate(1, "CN=A", by: "CN=B"), try certificate(2, "CN=B", by: "CN=A"),
        ])
        #expect(circle.authorities(above: try certificate(3, "CN=leaf", by: "CN=A")).certificates.count == 2)
        #expect(circle.authorities(above: try certificate(3, "CN=leaf", by: "CN=C")).certificates.isEmpty)
    }
}
