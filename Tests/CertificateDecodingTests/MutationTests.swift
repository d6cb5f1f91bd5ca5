import CertificateDecoding
import OpenSSLBinding
import TestSupport
import Testing

/// Bytes that somebody else may choose must never stop the process.
struct MutationTests {
    /// The same sequence in every run (SplitMix64).
    struct SeededGenerator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    /// Flips, overwrites, inserts, removes and cuts, one to four times.
    static func mutated(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let index = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes[index] = [0x00, 0x7F, 0x80, 0x84, 0xFF].randomElement(using: &generator) ?? 0
            case 2: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
            case 4: bytes.removeSubrange(index..<min(bytes.count, index + 8))
            default: bytes.removeSubrange(index...)
            }
        }
        return bytes
    }

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
        var generator = SeededGenerator(state: 1)
        var accepted = 0
        for _ in 0..<20_000 {
            let bytes = Self.mutated(seed, &generator)
            guard decoder.certificate(der: bytes) != nil else { continue }
            accepted += 1
            #expect(throws: Never.self) { _ = try JudgedCertificate(bytes.span) }
        }
        #expect(accepted > 1_000)
    }

    @Test func `no mutation of PEM stops the decoder or costs the next block`() throws {
        let decoder = try CertificateDecoder()
        let certificate = try seedCertificate()
        let next = certificate.pem
        var generator = SeededGenerator(state: 2)
        for _ in 0..<20_000 {
            let bytes = Self.mutated(Array(certificate.pem.utf8), &generator) + Array(next.utf8)
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
