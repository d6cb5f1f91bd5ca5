import CertificateDecoding
import OpenSSLBinding
import TestSupport
import Testing

/// Untrusted bytes must never stop the process.
struct MutationTests {
    private func seedCertificate() throws -> IssuedCertificate {
        var template = CertificateTemplate(.client, commonName: "device-1")
        template.subject = [
            [.country("DE")], [.organization("Zürich AG"), .init("1.2.3.4", "x")], [.commonName("a,b")],
        ]
        template.alternativeNames = [.dns("a.example.com"), .ip([10, 0, 0, 1]), .email("a@example.com")]
        return try TestPKI.authority("Lab CA").issue(template)
    }

    @Test func `no mutation of DER stops the decoder, and it accepts nothing that OpenSSL refuses`() throws {
        let decoder = try CertificateDecoder()
        let seed = try seedCertificate().der
        var generator = SeededGenerator(seed: 1)
        var accepted = 0
        for _ in 0..<20_000 {
            let bytes = mutated(seed, &generator)
            guard decoder.certificate(der: bytes) != nil else { continue }
            accepted += 1
            #expect(throws: Never.self) { _ = try OpenSSLCertificate(bytes.span) }
        }
        #expect(accepted > 1_000)
    }

    @Test func `no mutation of PEM stops the decoder or costs the next block`() throws {
        let decoder = try CertificateDecoder()
        let certificate = try seedCertificate()
        let next = certificate.pem
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<20_000 {
            let bytes = mutated(Array(certificate.pem.utf8), &generator) + Array(next.utf8)
            let bundle = decoder.bundle(bytes)
            #expect(bundle.certificates.last?.fingerprint == certificate.fingerprint || !bundle.defects.isEmpty)
        }
    }

    @Test func `no cut of a container stops the decoder`() throws {
        let decoder = try CertificateDecoder()
        let certificate = try seedCertificate()
        for container in [certificate.der, Array((certificate.pem + certificate.pem).utf8)] {
            for length in container.indices {
                _ = decoder.bundle(Array(container.prefix(length)))
                _ = decoder.bundle(Array(container.suffix(length)))
            }
        }
    }
}
