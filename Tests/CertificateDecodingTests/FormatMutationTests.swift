import CertificateDecoding
import Certificates
import Foundation
import TestSupport
import Testing

/// What holds for certificates holds for every container: bytes that somebody else may choose never stop the process.
struct FormatMutationTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
    }

    /// One of each binary format, and of each text that holds others.
    private func seeds() throws -> [[UInt8]] {
        try bench.directory.write(try bench.authority.revocationList(revoking: [[1], [2]]), to: "ca.crl")
        let archive = try RequiredTool("openssl").output([
            "pkcs12", "-export", "-in", bench.path("leaf.pem"), "-inkey", bench.path("leaf-key.pem"), "-iter", "1",
            "-passout", "pass:",
        ])
        let signed = try bench.output(
            of: "openssl", "cms", "-sign", "-stream", "-nodetach", "-outform", "DER", "-in", bench.path("ca.pem"),
            "-signer", bench.path("leaf.pem"), "-inkey", bench.path("leaf-key.pem"))
        let bag = try bench.output(
            of: "openssl", "crl2pkcs7", "-in", bench.path("ca.crl"), "-certfile", bench.path("leaf.pem"), "-outform",
            "DER")
        let list = try bench.output(of: "openssl", "crl", "-in", bench.path("ca.crl"), "-outform", "DER")
        let store = KeyStoreWriter.jceks([
            .certificate(bench.leaf.der), .secretKey([1, 2, 3]), .certificate(bench.authority.certificate.der),
        ])
        let base64 = Data(bench.leaf.pem.utf8).base64EncodedString()
        let json = try JSONSerialization.data(withJSONObject: ["cert": bench.leaf.pem, "data": base64])
        return [archive, signed, bag, list, store, Array(json), Array("ca: \(base64)\n".utf8), Array(base64.utf8)]
    }

    @Test func `no mutation of any container stops the decoder`() throws {
        var generator = SeededGenerator(state: 3)
        for seed in try seeds() {
            let intact = bench.decoder.bundle(seed)
            #expect(!intact.certificates.isEmpty || !intact.revocationLists.isEmpty)
            for _ in 0..<2_000 {
                let bytes = mutated(seed, &generator)
                _ = bench.decoder.bundle(bytes, passphrase: Secret("changeit"))
                var revoked = try? RevokedCertificates(of: bytes.span)
                while (try? revoked?.next(in: bytes.span)) != nil {}
            }
        }
    }

    @Test func `no cut of any container stops the decoder`() throws {
        for seed in try seeds() {
            for length in stride(from: 0, to: seed.count, by: 7) {
                _ = bench.decoder.bundle(Array(seed.prefix(length)))
                _ = bench.decoder.bundle(Array(seed.suffix(length)))
            }
        }
    }
}
