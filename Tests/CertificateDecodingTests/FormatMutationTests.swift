import CertificateDecoding
import Certificates
import TestSupport
import Testing

/// Untrusted bytes never stop the process, for any container.
struct FormatMutationTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
    }

    private func seeds() throws -> [[UInt8]] {
        try SeedCorpus(bench).containers().map(\.bytes)
    }

    @Test func `no mutation of any container stops the decoder`() throws {
        var generator = SeededGenerator(seed: 3)
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
