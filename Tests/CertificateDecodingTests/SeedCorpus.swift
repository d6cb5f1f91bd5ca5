import CertificateDecoding
import Certificates
import Foundation
import TestSupport

/// One small container of each format, made with the usual tools. Mutation tests and the fuzzer begin with them.
struct SeedCorpus {
    /// An entry point of the decoder, in the order of Fuzz/Decoding/FuzzDecoding.swift.
    enum EntryPoint: UInt8 {
        case container
        case containerWithPassphrase
        case presentedCertificate
        case verification
        case inspection
        case revocationLists
        case forwardedHeader
    }

    struct Seed {
        let name: String
        let entryPoint: EntryPoint
        let bytes: [UInt8]
    }

    private let bench: Workbench

    init(_ bench: Workbench) throws {
        self.bench = bench
        try bench.directory.write(try bench.authority.revocationList(revoking: [[1], [2]]), to: "ca.crl")
    }

    /// One of each binary format, and of each text that contains others.
    func containers() throws -> [Seed] {
        let signed = try bench.output(
            of: "openssl", "cms", "-sign", "-stream", "-nodetach", "-outform", "DER", "-in", bench.path("ca.pem"),
            "-signer", bench.path("leaf.pem"), "-inkey", bench.path("leaf-key.pem"))
        let bag = try bench.output(
            of: "openssl", "crl2pkcs7", "-in", bench.path("ca.crl"), "-certfile", bench.path("leaf.pem"), "-outform",
            "DER")
        let store = KeyStoreWriter.jceks([
            .certificate(bench.leaf.der), .secretKey([1, 2, 3]), .certificate(bench.authority.certificate.der),
        ])
        let base64 = Data(bench.leaf.pem.utf8).base64EncodedString()
        let json = try JSONSerialization.data(withJSONObject: ["cert": bench.leaf.pem, "data": base64])
        return [
            Seed(name: "empty.p12", entryPoint: .container, bytes: try archive(passphrase: "")),
            Seed(name: "signed.p7m", entryPoint: .container, bytes: signed),
            Seed(name: "bag.p7b", entryPoint: .container, bytes: bag),
            Seed(name: "list.der", entryPoint: .container, bytes: try list()),
            Seed(name: "store.jceks", entryPoint: .container, bytes: store),
            Seed(name: "some.json", entryPoint: .container, bytes: Array(json)),
            Seed(name: "encoded.yaml", entryPoint: .container, bytes: Array("ca: \(base64)\n".utf8)),
            Seed(name: "base64", entryPoint: .container, bytes: Array(base64.utf8)),
        ]
    }

    /// Seeds for the other entry points.
    func others() throws -> [Seed] {
        let chain = Array((bench.leaf.pem + bench.authority.pem).utf8)
        let names =
            "clusters:\n- cluster: {certificate-authority: a.pem}\nusers:\n- user:\n    client-certificate: 'b'\n"
        let percent = bench.leaf.pem.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let der = Data(bench.leaf.der).base64EncodedString()
        let headers = [
            percent, der, ":\(der):", ":\(der):, :\(der):", "By=a;Hash=\(bench.leaf.fingerprint);Cert=\"\(percent)\"",
            bench.leaf.pem,
        ]
        return try [
            Seed(name: "modern.p12", entryPoint: .containerWithPassphrase, bytes: archive(passphrase: "changeit")),
            Seed(
                name: "legacy.p12", entryPoint: .containerWithPassphrase,
                bytes: archive(passphrase: "changeit", options: ["-legacy"])),
            Seed(name: "chain.pem", entryPoint: .container, bytes: chain),
            Seed(name: "kubeconfig", entryPoint: .container, bytes: Array(names.utf8)),
            Seed(name: "leaf.der", entryPoint: .presentedCertificate, bytes: bench.leaf.der),
            Seed(name: "chain.pem", entryPoint: .verification, bytes: chain),
            Seed(name: "chain.pem", entryPoint: .inspection, bytes: chain),
            Seed(name: "list.der", entryPoint: .revocationLists, bytes: list()),
        ]
            + headers.enumerated().map { index, value in
                Seed(name: "\(index)", entryPoint: .forwardedHeader, bytes: [UInt8(index)] + Array(value.utf8))
            }
    }

    private func list() throws -> [UInt8] {
        try bench.output(of: "openssl", "crl", "-in", bench.path("ca.crl"), "-outform", "DER")
    }

    private func archive(passphrase: String, options: [String] = []) throws -> [UInt8] {
        try RequiredTool("openssl").output(
            [
                "pkcs12", "-export", "-in", bench.path("leaf.pem"), "-inkey", bench.path("leaf-key.pem"), "-iter", "1",
                "-passout", "pass:\(passphrase)",
            ] + options)
    }
}
