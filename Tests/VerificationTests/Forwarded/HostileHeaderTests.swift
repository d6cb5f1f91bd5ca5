import CertificateDecoding
import Certificates
import Foundation
import TestSupport
import Testing
import Verification

/// Malicious header values.
struct HostileHeaderTests {
    private let lab: ForwardedLab

    init() throws {
        lab = try ForwardedLab()
    }

    private var base64: String { Data(lab.leaf.der).base64EncodedString() }

    @Test(arguments: [
        ("Client-Cert", ""), ("Client-Cert", " \r\n\t\n"), ("Client-Cert", "Client-Cert: \r\n"),
        ("Client-Cert", "Host: x\r\nAccept: */*\r\n"), ("X-Forwarded-Client-Cert", "\n"),
    ])
    func `nothing is nothing to judge`(header: String, text: String) {
        #expect(throws: ForwardedCertificateError.empty) { try lab.report(text, as: header) }
    }

    @Test(arguments: [
        ("X-Amzn-Mtls-Clientcert", "-----BEGIN%2"), ("X-Amzn-Mtls-Clientcert", "%ZZ"),
        ("X-Amzn-Mtls-Clientcert", "hello"), ("X-Amzn-Mtls-Clientcert", "%00"), ("Client-Cert", "abc"),
        ("Client-Cert", ":"), ("Client-Cert", "::"), ("Client-Cert", ":!:"), ("Client-Cert", ":AAAA:x"),
        ("Client-Cert", ":AAAA:,"), ("Client-Cert", ":AAAA:;\"\\"), ("Client-Cert-Chain", ":AAAA:,:AA"),
        ("X-Forwarded-Client-Cert", "Hash=abc"), ("X-Forwarded-Client-Cert", "Cert"),
        ("X-Forwarded-Client-Cert", "Cert=\"abc"), ("X-Forwarded-Client-Cert", "Cert=\"a\"b"),
        ("X-Forwarded-Client-Cert", "Cert=\"\\"), ("X-Forwarded-Client-Cert", "Cert=a;Cert=b"),
        ("X-Forwarded-Client-Cert", "Cert=a,"), ("X-Forwarded-Client-Cert", "=;=,="), ("X-Any", "MII%"),
        ("X-Any", ","), ("X-Any", "!"), ("Cf-Client-Cert-Der-Base64", "A"),
    ])
    func `what cannot be decoded is no certificate`(header: String, value: String) throws {
        let report = try lab.report(value, as: header)
        #expect(!report.holds && report.certificate == nil)
        #expect(report.results.map(\.check) == [.x509])
    }

    @Test func `a value over the limit is refused unread`() throws {
        let value = String(repeating: "A", count: ForwardedCertificate.byteLimit + 1)
        #expect(throws: ForwardedCertificateError.tooLarge(limit: ForwardedCertificate.byteLimit)) {
            try lab.forwarded(value, as: "X-Any")
        }
    }

    @Test func `of several Envoy elements the last counts, whatever the first claims`() throws {
        let forged = try lab.lab.client("admin")
        let pem = { (certificate: IssuedCertificate) in
            certificate.pem.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }
        let value = "Cert=\(pem(forged)),Cert=\(pem(lab.leaf));Chain=\(pem(lab.leaf))\(pem(lab.issuing.certificate))"
        #expect(try lab.report(value, as: "x-forwarded-client-cert").certificate?.subject == "CN=device-1")
        // The last element has none, and the first must not be used in its place.
        let report = try lab.report("Cert=\(pem(forged)),Hash=abc", as: "x-forwarded-client-cert")
        #expect(report.certificate == nil)
    }

    @Test func `two values of a header that has one are none`() throws {
        let line = "Client-Cert: :\(base64):\n"
        #expect(try !lab.report(line + line, as: "Client-Cert").holds)
    }

    @Test func `what cannot be read before a certificate is not passed over`() throws {
        let broken = "-----BEGIN CERTIFICATE-----\nMII!\n-----END CERTIFICATE-----\n"
        let good = try lab.lab.client()
        let report = try lab.report(broken + good.pem, as: "X-SSL-Client-Cert")
        #expect(!report.holds)
        #expect(report.results.filter { !$0.holds }.map(\.check) == [.x509])
    }

    @Test func `no mutation of a value stops the decoder`() throws {
        let escaped = lab.leaf.pem.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let values = [
            ("X-Amzn-Mtls-Clientcert", escaped), ("X-Any", base64), ("Client-Cert", ":\(base64):;a=\"b\""),
            ("X-Forwarded-Client-Cert", "Hash=abc;Cert=\"\(escaped)\";Subject=\"CN=\\\"a\\\",O=b\",By=x;Chain=a"),
            ("Client-Cert", "Host: x\r\nClient-Cert: :\(base64):\r\nClient-Cert-Chain: :\(base64):"),
        ]
        var generator = SeededGenerator(seed: 6)
        for (header, value) in values {
            for _ in 0..<1_000 {
                let bytes = mutated(Array(value.utf8), &generator)
                // Most cannot be decoded, which is irrelevant here.
                _ = try? ForwardedCertificate(bytes, header: ForwardedHeader(header))
            }
        }
    }
}
