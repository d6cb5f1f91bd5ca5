import CertificateDecoding
import Certificates
import Foundation
import TestSupport
import Testing
import Verification

/// Each seed of the fuzzer has the format of its name. `make fuzz` writes them to the directory in NOTAFTER_SEEDS.
struct SeedCorpusTests {
    private let bench: Workbench
    private let corpus: SeedCorpus

    init() throws {
        bench = try Workbench()
        corpus = try SeedCorpus(bench)
    }

    @Test func `each seed reaches what its entry point is for`() throws {
        for seed in try corpus.containers() + corpus.others() {
            #expect(try reaches(seed), "\(seed.entryPoint) \(seed.name)")
            try keep(seed)
        }
    }

    private func reaches(_ seed: SeedCorpus.Seed) throws -> Bool {
        let decoder = bench.decoder
        switch seed.entryPoint {
        case .container, .verification, .inspection:
            let container = decoder.decode(seed.bytes.span)
            return !(container.entries.isEmpty && container.revocationLists.isEmpty && container.references.isEmpty)
        case .containerWithPassphrase:
            return !decoder.bundle(seed.bytes, passphrase: Secret("changeit")).certificates.isEmpty
        case .presentedCertificate: return decoder.certificate(der: seed.bytes) != nil
        case .revocationLists: return try !RevocationListSet(seed.bytes).isEmpty
        case .forwardedHeader:
            let forwarded = try ForwardedCertificate(
                Array(seed.bytes.dropFirst()),
                header: ForwardedHeader(Self.headers[Int(try #require(seed.bytes.first))]))
            return !forwarded.containers.isEmpty
        }
    }

    /// The headers of Fuzz/Decoding/FuzzDecoding.swift.
    private static let headers = [
        "X-Amzn-Mtls-Clientcert", "Cf-Client-Cert-Der-Base64", "Client-Cert", "Client-Cert-Chain",
        "X-Forwarded-Client-Cert", "X-Other",
    ]

    private func keep(_ seed: SeedCorpus.Seed) throws {
        guard let directory = ProcessInfo.processInfo.environment["NOTAFTER_SEEDS"] else { return }
        let file = URL(fileURLWithPath: directory).appending(path: "seed-\(seed.entryPoint)-\(seed.name)")
        try Data([seed.entryPoint.rawValue] + seed.bytes).write(to: file)
    }
}
