import CertificateDecoding
import Certificates
import TestSupport
import Testing

/// Lists and certificates that are not plain DER of RFC 5280, but that OpenSSL accepts.
struct RevocationListReadingTests {
    private let decoder: CertificateDecoder

    init() throws {
        decoder = try CertificateDecoder(keepsEncodings: true)
    }

    private static let algorithm = DERWriter.sequence([DERWriter.objectIdentifier("1.2.840.10045.4.3.2")])
    private static let issuer = CertificateTemplate.name([[.commonName("CA")]])
    /// 2.5.4.9 and 2.5.4.42, which have other names in OpenSSL than in LDAP.
    private static let ldapIssuer = CertificateTemplate.name([[.init("2.5.4.9", "Ring 1")], [.init("2.5.4.42", "CA")]])
    private static let entry = DERWriter.sequence([
        DERWriter.integer(octets: [0x42]), DERWriter.element(0x17, Array("240101000000Z".utf8)),
    ])

    /// The fields of a list with one entry, without its signature.
    private static func toBeSigned(
        _ thisUpdate: String, _ nextUpdate: String, issuer: [UInt8] = Self.issuer
    ) -> [[UInt8]] {
        [
            DERWriter.integer(octets: [1]), algorithm, issuer, DERWriter.element(0x17, Array(thisUpdate.utf8)),
            DERWriter.element(0x17, Array(nextUpdate.utf8)), DERWriter.sequence([entry]),
        ]
    }

    private static func list(_ thisUpdate: String, _ nextUpdate: String) -> [UInt8] {
        DERWriter.sequence([
            DERWriter.sequence(toBeSigned(thisUpdate, nextUpdate)), algorithm, DERWriter.bitString([1]),
        ])
    }

    @Test func `dates with an offset are read in UTC`() throws {
        let bundle = decoder.bundle(Self.list("241028232931+0100", "251028212931-0100"))
        let list = try #require(bundle.revocationLists.first)
        #expect(list.thisUpdate?.description == "2024-10-28T22:29:31Z")
        #expect(list.nextUpdate?.description == "2025-10-28T22:29:31Z")
        #expect(bundle.defects == [])
    }

    @Test func `a nextUpdate that cannot be read is not one that is missing`() throws {
        let bundle = decoder.bundle(Self.list("240101000000Z", "241301000000Z"))
        let list = try #require(bundle.revocationLists.first)
        #expect(list.nextUpdate == nil)
        #expect(bundle.defects.map(\.reason) == [.unreadableDate])
        #expect(InspectedRevocationList(list, der: bundle.encodings[list.fingerprint]).hasNextUpdate)
    }

    @Test func `a list in BER is read as OpenSSL reads it`() throws {
        let fields = Array(Self.toBeSigned("240101000000Z", "340101000000Z").joined())
        let indefinite: [UInt8] =
            [0x30, 0x80] + [0x30, 0x80] + fields + [0, 0] + Self.algorithm + DERWriter.bitString([1]) + [0, 0]
        let bundle = decoder.bundle(indefinite)
        let list = try #require(bundle.revocationLists.first, "\(bundle.defects)")
        #expect(list.issuer == "CN=CA")
        #expect(list.thisUpdate?.description == "2024-01-01T00:00:00Z")
        #expect(list.nextUpdate?.description == "2034-01-01T00:00:00Z")
        #expect(list.revokedCount == 1)
        #expect(bundle.defects == [])
        let inspected = InspectedRevocationList(list, der: bundle.encodings[list.fingerprint])
        #expect(inspected.entries.map(\.serialNumber.description) == ["42"])
    }

    @Test(arguments: [true, false])
    func `an issuer has one name, whichever reader takes its list`(isBER: Bool) throws {
        let fields = Self.toBeSigned("240101000000Z", "340101000000Z", issuer: Self.ldapIssuer)
        let rest = Self.algorithm + DERWriter.bitString([1])
        let list: [UInt8] =
            isBER
            ? [0x30, 0x80] + DERWriter.sequence(fields) + rest + [0, 0]
            : DERWriter.sequence([DERWriter.sequence(fields), rest])
        #expect(decoder.bundle(list).revocationLists.map(\.issuer) == ["givenName=CA,STREET=Ring 1"])
    }

    @Test func `every revoked certificate is listed with date and reason`() throws {
        let authority = try TestPKI.authority("CA")
        let pem = try authority.revocationList {
            $0.entries = (1...40).map { RevocationListTemplate.Entry([$0], reason: $0 == 1 ? 1 : nil) }
        }
        let bundle = decoder.bundle(Array(pem.utf8))
        let list = try #require(bundle.revocationLists.first)
        let inspected = InspectedRevocationList(list, der: bundle.encodings[list.fingerprint])
        #expect(inspected.entries.count == 40)
        #expect(inspected.entries.first?.reason == .keyCompromise)
        #expect(inspected.entries.last?.revokedAt == TestPKI.defaultNotBefore)
    }

    @Test func `DER of less than 128 octets is recognised`() throws {
        let list = DERWriter.sequence([
            DERWriter.sequence([
                Self.algorithm, DERWriter.sequence([]), DERWriter.element(0x17, Array("240101000000Z".utf8)),
                DERWriter.sequence([Self.entry]),
            ]), Self.algorithm, DERWriter.bitString([]),
        ])
        #expect(list.count < 128)
        #expect(decoder.bundle(list).revocationLists.map(\.revokedCount) == [1])
        let key = DERWriter.sequence([
            DERWriter.sequence([DERWriter.objectIdentifier("1.3.101.112")]), DERWriter.bitString([1]),
        ])
        let certificate = DERWriter.sequence([
            DERWriter.sequence([
                DERWriter.integer(octets: [1]), Self.algorithm, DERWriter.sequence([]),
                DERWriter.sequence([
                    DERWriter.element(0x17, Array("200101000000Z".utf8)),
                    DERWriter.element(0x17, Array("490101000000Z".utf8)),
                ]), DERWriter.sequence([]), key,
            ]), Self.algorithm, DERWriter.bitString([]),
        ])
        #expect(certificate.count < 128)
        #expect(decoder.bundle(certificate).certificates.count == 1)
        let text = decoder.bundle(Array("0000 is a text, and 01".utf8))
        #expect(text.certificates.isEmpty && text.revocationLists.isEmpty && text.defects.isEmpty)
    }

    @Test func `names of EV certificates have OpenSSL's words`() throws {
        var template = CertificateTemplate(.client, commonName: "a")
        let arc = "1.3.6.1.4.1.311.60.2.1."
        template.subject = [
            [.init(arc + "3", "TR", tag: 0x13)], [.init(arc + "2", "Ankara")], [.init(arc + "1", "Cankaya")],
        ]
        let certificate = decoder.bundle(try TestPKI.selfSigned(template).der).certificates.first
        #expect(certificate?.subject == "jurisdictionL=Cankaya,jurisdictionST=Ankara,jurisdictionC=TR")
    }

    @Test func `basicConstraints that run out of their extension make no CA`() throws {
        var template = CertificateTemplate(.authority, commonName: "a")
        template.pathLength = 0
        var der = try TestPKI.selfSigned(template).der
        #expect(decoder.bundle(der).certificates.map(\.isCA) == [true])
        let constraints: [UInt8] = [0x30, 0x06, 0x01, 0x01, 0xFF, 0x02, 0x01, 0x00]
        let start = try #require(der.indices.first { der[$0...].starts(with: constraints) })
        der[start + 6] = 0x04
        #expect(decoder.bundle(der).certificates.map(\.isCA) == [false])
    }
}
