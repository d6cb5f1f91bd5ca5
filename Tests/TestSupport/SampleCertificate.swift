import Certificates

extension Certificate {
    /// A certificate without DER, for rules and ledger rows that do not need it.
    ///
    /// `seed` identifies the certificate, and by default also makes its names and key unique. Certificates with equal
    /// `names` or `key` have the same names or the same key.
    package static func sample(
        _ seed: UInt32, notBefore: Instant = Instant(seconds: 0), notAfter: Instant, isCA: Bool = false,
        names: String? = nil, key: String? = nil, subject: String? = nil, alternativeNames: [String] = [],
        serialNumber: SerialNumber? = nil
    ) -> Certificate {
        Certificate(
            fingerprint: fingerprint(seed), subject: subject ?? names.map { "CN=\($0)" } ?? "CN=sample-\(seed)",
            issuer: "CN=Sample CA",
            serialNumber: serialNumber ?? SerialNumber(octets: withUnsafeBytes(of: seed.bigEndian, Array.init)),
            validity: Validity(notBefore: notBefore, notAfter: notAfter), isCA: isCA,
            signatureAlgorithm: "ecdsa-with-SHA256", publicKey: "EC P-256", subjectAlternativeNames: alternativeNames,
            lineageKey: LineageKey(
                names: hash(names ?? "names-\(seed)"), publicKey: hash(key ?? "key-\(seed)")))
    }

    private static func fingerprint(_ seed: UInt32) -> Fingerprint {
        let bytes = (0..<8).flatMap { withUnsafeBytes(of: (seed &* 2_654_435_761 &+ UInt32($0)).bigEndian, Array.init) }
        guard let fingerprint = Fingerprint(bytes: bytes) else { preconditionFailure("8 times 4 bytes are 32") }
        return fingerprint
    }

    /// 32 bytes that differ in each part, as those of a digest: FNV-1a with four beginnings.
    private static func hash(_ text: String) -> [UInt8] {
        (0..<4).flatMap { part in
            let hash = text.utf8.reduce(14_695_981_039_346_656_037 &+ UInt64(part)) {
                ($0 ^ UInt64($1)) &* 1_099_511_628_211
            }
            return withUnsafeBytes(of: hash.bigEndian, Array.init)
        }
    }
}
