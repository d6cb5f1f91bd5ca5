import Certificates
import IssuanceBinding

/// All fields of a certificate, with the exact values for its DER.
package struct CertificateTemplate: Sendable {
    /// One attribute of a name, such as `commonName` with its text in a UTF8String.
    package struct Attribute: Sendable {
        package var type: String
        package var valueTag: UInt8
        package var value: [UInt8]

        /// An attribute of type `type` (a dotted OID) with any text, valid or not.
        package init(_ type: String, _ text: String, tag: UInt8 = 0x0C) {
            self.init(type, bytes: Array(text.utf8), tag: tag)
        }

        /// An attribute with the value `bytes` under `tag`.
        package init(_ type: String, bytes: [UInt8], tag: UInt8) {
            self.type = type
            self.valueTag = tag
            self.value = bytes
        }

        /// `CN`
        package static func commonName(_ text: String) -> Attribute { Attribute("2.5.4.3", text) }
        /// `O`
        package static func organization(_ text: String) -> Attribute { Attribute("2.5.4.10", text) }
        /// `C`, a PrintableString
        package static func country(_ text: String) -> Attribute { Attribute("2.5.4.6", text, tag: 0x13) }

        var der: [UInt8] {
            DERWriter.sequence([DERWriter.objectIdentifier(type), DERWriter.element(valueTag, value)])
        }
    }

    /// A date of the validity.
    package enum Time: Sendable {
        /// UTCTime until 2049 and GeneralizedTime from 2050 on (RFC 5280 4.1.2.5).
        case at(Instant)
        /// Any text under any tag. 0x17 is UTCTime, 0x18 GeneralizedTime.
        case raw(String, tag: UInt8)

        var der: [UInt8] {
            switch self {
            case .raw(let text, let tag):
                return DERWriter.element(tag, Array(text.utf8))
            case .at(let instant):
                let digits = instant.description.filter(\.isNumber)
                return (1950..<2050).contains(CalendarTime(instant).year)
                    ? DERWriter.element(0x17, Array("\(digits.dropFirst(2))Z".utf8))
                    : DERWriter.element(0x18, Array("\(digits)Z".utf8))
            }
        }
    }

    /// A subject alternative name (RFC 5280 4.2.1.6).
    package enum AlternativeName: Sendable {
        case dns(String)
        case email(String)
        case uri(String)
        /// 4 or 16 octets in a valid name; any number is accepted.
        case ip([UInt8])

        var der: [UInt8] {
            switch self {
            case .email(let text): DERWriter.element(0x81, Array(text.utf8))
            case .dns(let text): DERWriter.element(0x82, Array(text.utf8))
            case .uri(let text): DERWriter.element(0x86, Array(text.utf8))
            case .ip(let octets): DERWriter.element(0x87, octets)
            }
        }
    }

    /// The use of the certificate, which determines its key usage and extended key usage.
    package enum Purpose: Sendable {
        case authority
        case client
        case server
        /// Neither key usage nor extended key usage.
        case any
    }

    package var purpose: Purpose
    /// Each inner list is one relative distinguished name. The order is that of the DER, with the most general name
    /// first.
    package var subject: [[Attribute]]
    package var issuer: [[Attribute]] = []
    package var serial: [UInt8]
    package var notBefore: Time
    package var notAfter: Time
    package var alternativeNames: [AlternativeName] = []
    /// 2 is version 3. nil makes a version 1 certificate without extensions.
    package var version: UInt8? = 2
    /// The digest that is signed.
    package var digest = IssuanceKey.Digest.sha256
    /// Whether basicConstraints has CA:TRUE. nil derives it from the purpose.
    package var isCA: Bool?
    /// pathLenConstraint
    package var pathLength: UInt8?
    /// The octet of keyUsage, such as 0x06 for keyCertSign and cRLSign. nil derives it from the purpose.
    package var keyUsage: UInt8?
    /// The dotted OIDs of the extended key usage. nil derives them from the purpose; an empty list omits the extension.
    package var extendedKeyUsages: [String]?
    /// Further extensions, each a complete `Extension` in DER.
    package var furtherExtensions: [[UInt8]] = []

    /// A template for `commonName` with a random serial number.
    package init(
        _ purpose: Purpose, commonName: String, notBefore: Instant = TestPKI.defaultNotBefore,
        notAfter: Instant = TestPKI.defaultNotAfter
    ) {
        self.purpose = purpose
        self.subject = [[.commonName(commonName)]]
        self.serial = [UInt8.random(in: 0x01...0x7F)] + (0..<15).map { _ in UInt8.random(in: 0...0xFF) }
        self.notBefore = .at(notBefore)
        self.notAfter = .at(notAfter)
    }
}
