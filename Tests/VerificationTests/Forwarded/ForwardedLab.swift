import CertificateDecoding
import Certificates
import Foundation
import TestSupport
import Verification

/// Forwarded values for one client's certificate, written by other software.
struct ForwardedLab {
    let lab: VerificationLab
    let issuing: TestAuthority
    let leaf: IssuedCertificate

    init() throws {
        lab = try VerificationLab()
        issuing = try lab.intermediate()
        leaf = try issuing.issue(.client, commonName: "device-1", alternativeNames: [.dns("a.example.com")])
    }

    /// The fingerprints of the certificates in `text`.
    func forwarded(_ text: String, as header: String) throws -> [Fingerprint] {
        let forwarded = try ForwardedCertificate(Array(text.utf8), header: ForwardedHeader(header))
        return forwarded.containers.flatMap { lab.decoder.bundle($0).certificates.map(\.fingerprint) }
    }

    /// The report of a backend that trusts the root.
    func report(
        _ text: String, as header: String, _ expectations: CertificateExpectations = CertificateExpectations()
    ) throws -> VerificationReport {
        let check = ForwardedCertificateCheck(expectations, anchors: try lab.read(lab.root.certificate))
        return try check.report(
            onForwarded: Array(text.utf8), header: ForwardedHeader(header), decoder: lab.decoder,
            at: VerificationLab.now)
    }

    /// The result of a Python expression with `p`, the PEM of the certificates, and `d`, a list of their DER.
    static func python(_ expression: String, _ certificates: [IssuedCertificate]) throws -> String {
        let script = """
            import base64, hashlib, json, ssl, sys, urllib.parse
            p = sys.argv[1]
            d = [ssl.PEM_cert_to_DER_cert(b + '-----END CERTIFICATE-----\\n')
                 for b in p.split('-----END CERTIFICATE-----\\n')[:-1]]
            sys.stdout.write(\(expression))
            """
        let output = try RequiredTool("python3").output(["-c", script, certificates.map(\.pem).joined()])
        return String(decoding: output, as: UTF8.self)
    }
}
