import Certificates

/// A revocation list in `inspect --json`, beside the certificates, and in `list --json` without its entries. The keys
/// are a contract that only grows; every key is always present, except `revoked` in `list`.
struct RevocationListObject: Encodable {
    let list: RevocationList
    /// The revoked certificates; nil if the entries were not read.
    var revoked: [RevocationList.Entry]?
    let location: Location

    private enum CodingKeys: String, CodingKey {
        case kind, issuer, location
        case fingerprint = "fingerprint_sha256"
        case thisUpdate = "this_update"
        case nextUpdate = "next_update"
        case number = "crl_number"
        case deltaBase = "delta_base_crl_number"
        case signatureAlgorithm = "signature_algorithm"
        case authorityKeyIdentifier = "authority_key_identifier"
        case revokedCount = "revoked_count"
        case revoked
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(InspectedKind.revocationList.rawValue, forKey: .kind)
        try container.encode(list.fingerprint.description, forKey: .fingerprint)
        try container.encode(list.issuer, forKey: .issuer)
        try container.encode(list.thisUpdate, forKey: .thisUpdate)
        try container.encode(list.nextUpdate, forKey: .nextUpdate)
        try container.encode(list.number?.description, forKey: .number)
        try container.encode(list.deltaBase?.description, forKey: .deltaBase)
        try container.encode(list.signatureAlgorithm, forKey: .signatureAlgorithm)
        try container.encode(list.authorityKeyIdentifier?.hexadecimal, forKey: .authorityKeyIdentifier)
        try container.encode(list.revokedCount, forKey: .revokedCount)
        try container.encodeIfPresent(revoked?.map(RevokedObject.init), forKey: .revoked)
        try container.encode(location.description, forKey: .location)
    }
}

/// One revoked certificate.
private struct RevokedObject: Encodable {
    let entry: RevocationList.Entry

    private enum CodingKeys: String, CodingKey {
        case reason
        case serialNumber = "serial_number"
        case revokedAt = "revoked_at"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(entry.serialNumber.description, forKey: .serialNumber)
        try container.encode(entry.revokedAt, forKey: .revokedAt)
        try container.encode(entry.reason.map { "\($0)" }, forKey: .reason)
    }
}

/// The kind of an object in `inspect --json`.
enum InspectedKind: String {
    case certificate
    case revocationList = "revocation_list"
}
