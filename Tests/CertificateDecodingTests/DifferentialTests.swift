import Certificates
import Foundation
import OpenSSLBinding
import TestSupport
import Testing
import Verification

@testable import CertificateDecoding

/// Our readers and OpenSSL's on the same mutated bytes. They must agree on everything that ours accept, except for the
/// rules named here. `make differential` runs more mutations.
struct DifferentialTests {
    /// The number of mutations of each kind.
    private static let count =
        ProcessInfo.processInfo.environment["NOTAFTER_DIFFERENTIAL"].flatMap { Int($0) } ?? 10_000

    /// The inputs of both readers.
    struct Lab {
        let reader: CertificateReader
        let certificates: [[UInt8]]
        let lists: [[UInt8]]

        init() throws {
            reader = CertificateReader(digest: try SHA256())
            let authority = try TestPKI.authority("Lab CA")
            var device = CertificateTemplate(.client, commonName: "device-1")
            device.subject = [
                [.country("DE")], [.organization("Zürich AG"), .init("1.2.3.4", "x")], [.commonName("a,b")],
            ]
            device.alternativeNames = [.dns("a.example.com"), .ip([10, 0, 0, 1]), .email("a@example.com")]
            var constrained = CertificateTemplate(.authority, commonName: "Lab Issuing")
            constrained.pathLength = 0
            certificates = [
                try authority.issue(device).der, try authority.issue(.server, commonName: "api").der,
                authority.certificate.der, try authority.issue(constrained).der,
                try TestPKI.selfSigned(CertificateTemplate(.client, commonName: "a")).der,
            ]
            lists = try ([[], [[1], [0x42, 0x43]]] as [[[UInt8]]]).map { serials in
                let pem = Array(try authority.revocationList(revoking: serials).utf8)
                let decoder = try CertificateDecoder(keepsEncodings: true)
                return Array(try #require(decoder.bundle(pem).encodings.values.first))
            }
        }
    }

    @Test func `both readers take certificates alike`() throws {
        let lab = try Lab()
        var generator = SeededGenerator(seed: 21)
        var (taken, plain) = (0, 0)
        for index in 0..<Self.count {
            let der = mutated(lab.certificates[index % lab.certificates.count], &generator)
            let bytes = der.span
            guard let own = Self.own(bytes, lab.reader) else { continue }
            taken += 1
            let judged = try? OpenSSLCertificate(bytes)
            guard let judged, Self.isInOneReading(judged, own, lab.reader, der) else {
                Issue.record("\(der.hexadecimal): \(own) and not \(String(describing: judged))")
                continue
            }
            guard own.length == der.count, let facts = CertificateFacts(plainDER: der) else { continue }
            plain += 1
            let theirs = try? VerifiableCertificate(own.certificate, der: der).facts
            #expect(theirs.map { Self.isInOneReading($0, facts) } ?? false, "\(der.hexadecimal): \(facts)")
        }
        #expect(taken > Self.count / 20 && plain > Self.count / 20, "\(taken) taken, \(plain) plain")
    }

    @Test func `both readers take revocation lists alike`() throws {
        let lab = try Lab()
        let reader = RevocationListReader(reader: lab.reader)
        var generator = SeededGenerator(seed: 22)
        var taken = 0
        for index in 0..<Self.count {
            let der = mutated(lab.lists[index % lab.lists.count], &generator)
            guard let own = try? reader.list(der.span).list else { continue }
            taken += 1
            guard let judged = try? OpenSSLRevocationList(der.span) else {
                // Our reader parses no entry. If OpenSSL cannot parse a list, verification reports it and does not use
                // it.
                #expect(throws: OpenSSLError.self) { try RegistrationCheck.EncodedList(own, der: der) }
                continue
            }
            let theirs = reader.list(parsed: judged, der.span.extracting(0..<judged.length)).list
            #expect(own == theirs && NameText.areAlike(own.issuer, judged.issuer.text), "\(der.hexadecimal)")
        }
        #expect(taken > Self.count / 20)
    }

    private struct OwnReading {
        let certificate: Certificate
        let length: Int
    }

    private static func own(_ bytes: Span<UInt8>, _ reader: CertificateReader) -> OwnReading? {
        var cursor = DERCursor(0..<bytes.count)
        do throws(DERRefusal) {
            let element = try cursor.next(0x30, in: bytes)
            let fingerprint = reader.fingerprint(of: bytes.extracting(element.range))
            let read = try reader.certificate(element, of: bytes, fingerprint: fingerprint)
            return OwnReading(certificate: read.certificate, length: element.range.count)
        } catch {
            return nil
        }
    }

    private static func isInOneReading(
        _ judged: OpenSSLCertificate, _ own: OwnReading, _ reader: CertificateReader, _ der: [UInt8]
    ) -> Bool {
        let theirs = reader.certificate(parsed: judged, fingerprint: own.certificate.fingerprint).certificate
        return judged.length == own.length && theirs == own.certificate
            && NameText.areAlike(own.certificate.subject, judged.subject.text)
            && NameText.areAlike(own.certificate.issuer, judged.issuer.text)
    }

    /// Equal, except for an EC key whose point is not on its curve, which our reader does not check.
    private static func isInOneReading(_ theirs: CertificateFacts, _ own: CertificateFacts) -> Bool {
        if theirs == own { return true }
        guard case .ellipticCurve = own.publicKey, theirs.publicKey == .other else { return false }
        return theirs
            == CertificateFacts(
                version: own.version, publicKey: .other, signature: own.signature, authority: own.authority,
                pathLength: own.pathLength, extendedKeyUsage: own.extendedKeyUsage, isSelfIssued: own.isSelfIssued,
                commonNames: own.commonNames, issuerCommonNames: own.issuerCommonNames)
    }
}

/// The accepted differences between our text of a name and OpenSSL's.
private enum NameText {
    /// The order within a relative name, which RFC 4514 does not define; the case of hexadecimal digits; a `#` at the
    /// beginning of a value, which OpenSSL does not escape, against RFC 4514 2.4; and types with different names, or
    /// with a name in OpenSSL only.
    static func areAlike(_ own: String, _ theirs: String) -> Bool {
        let isUnnamed = own.contains("=#")
        let (own, theirs) = (attributes(own), attributes(theirs))
        return own == theirs || (isUnnamed && own.count == theirs.count)
    }

    /// OpenSSL's short names of types, and those of RFC 4514 section 3 and of RFC 4519.
    private static let shortNames = ["street": "STREET", "GN": "givenName"]

    /// Each attribute with our name of its type, in the order of the relative names and sorted within them.
    private static func attributes(_ text: String) -> [String] {
        split(text, at: ",").flatMap { relativeName in
            split(relativeName, at: "+").map { attribute in
                let parts = attribute.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let type = shortNames[String(parts[0])] ?? String(parts[0])
                let value = parts.count > 1 ? String(parts[1]) : ""
                return "\(type)=\(value.hasPrefix("\\#") ? String(value.dropFirst()) : value)"
            }
            .sorted()
        }
    }

    /// Splits at separators that no backslash escapes.
    private static func split(_ text: String, at separator: Unicode.Scalar) -> [String] {
        var (parts, isEscaped) = ([""], false)
        for scalar in text.unicodeScalars {
            if scalar == separator, !isEscaped {
                parts.append("")
            } else {
                parts[parts.count - 1].unicodeScalars.append(scalar)
            }
            isEscaped = scalar == "\\" && !isEscaped
        }
        return parts
    }
}
