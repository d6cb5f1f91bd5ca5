/// The attribute types whose short names are registered for LDAP. RFC 4514 2.3 requires these names.
enum AttributeType {
    /// The short name of the type whose OBJECT IDENTIFIER has `content`.
    static func shortName(_ content: Range<Int>, in bytes: Span<UInt8>) -> StaticString? {
        guard let first = content.first else { return nil }
        if content.count == 3, bytes[first] == 0x55, bytes[first + 1] == 0x04 {
            return x520Name(bytes[first + 2])
        }
        if content.count == 10, bytes[first] == 0x09 { return pilotName(content, in: bytes) }
        if content.count == 9, bytes.bytes(content) == emailAddress { return "emailAddress" }
        if content.count == 11 { return jurisdictionName(content, in: bytes) }
        return nil
    }

    /// 1.2.840.113549.1.9.1 (PKCS #9)
    private static let emailAddress: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01]
    /// 0.9.2342.19200300.100.1 (RFC 4519, from the COSINE pilot)
    private static let pilot: [UInt8] = [0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01]

    private static func pilotName(_ content: Range<Int>, in bytes: Span<UInt8>) -> StaticString? {
        guard bytes.bytes(content.dropLast()) == pilot else { return nil }
        switch bytes[content.upperBound - 1] {
        case 1: return "UID"
        case 25: return "DC"
        default: return nil
        }
    }

    /// 1.3.6.1.4.1.311.60.2.1, the jurisdiction of incorporation in EV certificates (CA/Browser Forum, EV Guidelines),
    /// with OpenSSL's names.
    private static let jurisdiction: [UInt8] = [0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x3C, 0x02, 0x01]

    private static func jurisdictionName(_ content: Range<Int>, in bytes: Span<UInt8>) -> StaticString? {
        guard bytes.bytes(content.dropLast()) == jurisdiction else { return nil }
        switch bytes[content.upperBound - 1] {
        case 1: return "jurisdictionL"
        case 2: return "jurisdictionST"
        case 3: return "jurisdictionC"
        default: return nil
        }
    }

    /// 2.5.4 (X.520): the nine types of RFC 4514 section 3, then others that real certificates contain.
    private static func x520Name(_ arc: UInt8) -> StaticString? {
        switch arc {
        case 3: "CN"
        case 6: "C"
        case 7: "L"
        case 8: "ST"
        case 9: "STREET"
        case 10: "O"
        case 11: "OU"
        case 4: "SN"
        case 5: "serialNumber"
        case 12: "title"
        case 13: "description"
        case 15: "businessCategory"
        case 17: "postalCode"
        case 20: "telephoneNumber"
        case 41: "name"
        case 42: "givenName"
        case 43: "initials"
        case 44: "generationQualifier"
        case 46: "dnQualifier"
        case 65: "pseudonym"
        // The name in X.520. It is not registered for LDAP, but a dotted type would make the names of a dozen public
        // CAs unreadable.
        case 97: "organizationIdentifier"
        default: nil
        }
    }
}
