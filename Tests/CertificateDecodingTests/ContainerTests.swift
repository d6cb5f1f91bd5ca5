import CertificateDecoding
import Certificates
import Foundation
import TestSupport
import Testing

/// The arrangements of certificates in files, and malformed files. Some reader loses certificates in each of these.
struct ContainerTests {
    private let decoder: CertificateDecoder
    private let first: IssuedCertificate
    private let second: IssuedCertificate

    init() throws {
        decoder = try CertificateDecoder()
        let authority = try TestPKI.authority("Lab CA")
        first = authority.certificate
        second = try authority.issue(.client, commonName: "device-1")
    }

    private var both: [Fingerprint] { [first.fingerprint, second.fingerprint] }

    private func fingerprints(_ text: String) -> [Fingerprint] {
        decoder.bundle(Array(text.utf8)).certificates.map(\.fingerprint)
    }

    private func reasons(_ text: String) -> [Defect.Reason] {
        decoder.bundle(Array(text.utf8)).defects.map(\.reason)
    }

    @Test func `a bundle is read in order, with text and keys between the blocks`() throws {
        let text = "# our CA\n" + first.pem + "subject=CN=device-1\n" + (try second.keyPEM) + second.pem + "done"
        #expect(fingerprints(text) == both)
        #expect(reasons(text) == [])
    }

    @Test(arguments: ["\r\n", "\r", "\n  ", "\n\n", " \n\t"])
    func `lines may end and begin in any way`(separator: String) {
        let text = (first.pem + second.pem).split(separator: "\n").joined(separator: separator)
        #expect(fingerprints(text) == both)
        #expect(reasons(text) == [])
    }

    @Test func `files joined without a newline lose nothing`() {
        let text = String(first.pem.dropLast()) + second.pem.dropLast()
        #expect(text.contains("-----END CERTIFICATE----------BEGIN CERTIFICATE-----"))
        #expect(fingerprints(text) == both)
    }

    @Test func `base64 on one line, after a byte order mark, under the old label`() {
        let lines = first.pem.split(separator: "\n")
        let text = "\u{FEFF}-----BEGIN X509 CERTIFICATE-----" + lines.dropFirst().dropLast().joined()
        #expect(fingerprints(text + "-----END X509 CERTIFICATE-----") == [first.fingerprint])
    }

    @Test(arguments: [false, true], [false, true])
    func `UTF-16 is read in either byte order`(isBigEndian: Bool, isMarked: Bool) {
        let text = (isMarked ? "\u{FEFF}" : "") + first.pem + second.pem.dropLast()
        let bytes = text.utf16.flatMap { unit in
            isBigEndian ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
        }
        let bundle = decoder.bundle(bytes)
        #expect(bundle.certificates.map(\.fingerprint) == both)
        #expect(bundle.defects == [])
    }

    @Test(arguments: ["# ", "#", "  # ", "; ", "//", "key: value # "])
    func `a block behind a comment sign counts for nothing`(sign: String) {
        let commented = first.pem.split(separator: "\n").map { "\(sign)\($0)\n" }.joined()
        #expect(fingerprints(commented) == [])
        #expect(reasons(commented) == [])
        #expect(fingerprints(commented + second.pem) == [second.fingerprint])
        #expect(fingerprints(second.pem + commented) == [second.fingerprint])
        #expect(reasons(second.pem + commented + first.pem) == [])
    }

    @Test func `a block without an END line takes the next one with it, and no other`() {
        let broken = first.pem.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
        #expect(fingerprints(broken + second.pem) == [])
        #expect(reasons(broken + second.pem) == [.badPEM])
        #expect(fingerprints(broken + second.pem + first.pem) == [first.fingerprint])
        #expect(reasons(broken + second.pem + first.pem) == [.badPEM])
        #expect(fingerprints(second.pem + broken) == [second.fingerprint])
        #expect(reasons(second.pem + broken) == [.badPEM])
    }

    @Test(arguments: [
        ("-----END CERTIFICATE-----", "-----END X509 CRL-----"),
        ("-----END CERTIFICATE-----", "-----END CERTIFICATE--"),
        ("\nMII", "\nM!II"), ("\n-----END", "=\n-----END"), ("\n-----END", "A\n-----END"),
    ])
    func `a broken block is a defect, and the next block is read`(original: String, damaged: String) throws {
        let at = try #require(first.pem.range(of: original))
        let broken = first.pem.replacingCharacters(in: at, with: damaged)
        #expect(fingerprints(broken + second.pem) == [second.fingerprint])
        #expect(reasons(broken + second.pem) == [.badPEM])
    }

    @Test func `a defect names its line`() {
        let text = "\n\n" + first.pem + second.pem.replacing("\nMII", with: "\n?II")
        let line = 3 + first.pem.split(separator: "\n").count + 1
        #expect(decoder.bundle(Array(text.utf8)).defects.map(\.message).first?.hasPrefix("line \(line): ") == true)
    }

    @Test func `an encrypted block is a defect, and nothing asks for a passphrase`() {
        let headers = "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"
        let text = first.pem.replacing("-----BEGIN CERTIFICATE-----\n", with: headers)
        #expect(reasons(text) == [.encrypted])
    }

    @Test func `headers that do not encrypt are skipped`() {
        let headers = "-----BEGIN CERTIFICATE-----\nX-Note: ours\n more\n\n"
        #expect(
            fingerprints(first.pem.replacing("-----BEGIN CERTIFICATE-----\n", with: headers)) == [first.fingerprint])
    }

    @Test func `OpenSSL's trust settings behind a certificate are no part of it`() {
        let text = PEMWriter.block("TRUSTED CERTIFICATE", first.der + DERWriter.sequence([DERWriter.sequence([])]))
        #expect(fingerprints(text) == [first.fingerprint])
        #expect(reasons(text) == [])
    }

    @Test func `a key without an END line that takes a certificate with it is a defect`() throws {
        let key = try second.keyPEM.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
        #expect(reasons(key + first.pem) == [.badPEM])
        #expect(reasons(key + (try second.keyPEM)) == [])
    }

    @Test(arguments: ["const pem = `", "echo \""])
    func `a block whose BEGIN stands behind other text is a defect, and costs no other`(text: String) {
        #expect(fingerprints(text + first.pem + second.pem) == [second.fingerprint])
        #expect(reasons(text + first.pem + second.pem) == [.badPEM])
    }

    @Test func `DER is read, and a second certificate behind the first is a defect`() {
        #expect(decoder.bundle(first.der).certificates.map(\.fingerprint) == [first.fingerprint])
        #expect(decoder.bundle(first.der + second.der).certificates.map(\.fingerprint) == [first.fingerprint])
        #expect(decoder.bundle(first.der + second.der).defects.map(\.reason) == [.badDER])
        #expect(decoder.bundle(first.der + [0x0A]).defects == [])
        #expect(decoder.bundle(first.der + [0x04, 0x00]).defects.map(\.reason) == [.badDER])
    }

    @Test func `DER that is cut short is a defect`() {
        #expect(decoder.bundle(Array(first.der.dropLast(10))).defects.map(\.reason) == [.badDER])
    }

    @Test func `what is no certificate is no defect`() throws {
        let request = "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n"
        for text in [try first.keyPEM, request, "listen = 443\n", "", "-----BEGIN DH PARAMETERS-----\n"] {
            #expect(decoder.bundle(Array(text.utf8)) == CertificateBundle())
        }
        let keyDER = DERWriter.sequence([DERWriter.integer(octets: [0]), DERWriter.octetString([1, 2])])
        let requestDER = DERWriter.sequence([DERWriter.sequence([DERWriter.integer(octets: [0])] + [[0x30, 0x00]])])
        for der in [keyDER, requestDER, DERWriter.sequence([[UInt8](repeating: 0, count: 200)])] {
            #expect(decoder.bundle(der) == CertificateBundle())
        }
    }

    @Test(arguments: ["---- BEGIN CERTIFICATE ----\nMII\n", "grep 'BEGIN CERTIFICATE' ca.pem"])
    func `a file that speaks of a certificate and yields none is never silent`(text: String) {
        #expect(reasons(text) == [.noCertificateFound])
    }

    @Test func `a known certificate is not decoded again`() {
        let known = second.fingerprint
        let text = Array((first.pem + second.pem).utf8)
        let container = decoder.decode(text.span) { $0 == known }
        #expect(container.entries.map(\.fingerprint) == both)
        #expect(container.entries.map { $0.certificate == nil } == [false, true])
    }

    @Test func `the defects of one file are bounded, and its certificates are not`() {
        let broken = String(repeating: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", count: 10_000)
        #expect(fingerprints(broken + first.pem) == [first.fingerprint])
        #expect(reasons(broken + first.pem).count == 64)
    }
}
