import IssuanceBinding

extension CertificateTemplate {
    /// Signs this template with `signer`, for the public key of `key`.
    package func signed(by signer: IssuanceKey, for key: IssuanceKey) throws -> [UInt8] {
        let algorithm = Self.algorithm(of: signer, digest)
        var fields: [[UInt8]] = []
        if let version {
            fields.append(DERWriter.context(0, DERWriter.integer(octets: [version])))
        }
        fields += [
            DERWriter.integer(octets: serial),
            algorithm,
            Self.name(issuer),
            DERWriter.sequence([notBefore.der, notAfter.der]),
            Self.name(subject),
            try key.publicKeyDER(),
        ]
        if version != nil {
            let extensions = try extensions(signer: signer, key: key)
            fields.append(DERWriter.context(3, DERWriter.sequence(extensions)))
        }
        let toBeSigned = DERWriter.sequence(fields)
        let signature = try signer.signature(over: toBeSigned, digest: digest)
        return DERWriter.sequence([toBeSigned, algorithm, DERWriter.bitString(signature)])
    }

    static func algorithm(of key: IssuanceKey, _ digest: IssuanceKey.Digest = .sha256) -> [UInt8] {
        switch key.kind {
        case .p256, .p384, .p192:
            let arc =
                switch digest {
                case .md5, .sha1: "1"
                case .sha256: "3.2"
                case .sha384: "3.3"
                }
            return DERWriter.sequence([DERWriter.objectIdentifier("1.2.840.10045.4." + arc)])
        case .rsa2048, .rsa1024:
            let arc =
                switch digest {
                case .md5: "4"
                case .sha1: "5"
                case .sha256: "11"
                case .sha384: "12"
                }
            return DERWriter.sequence([DERWriter.objectIdentifier("1.2.840.113549.1.1." + arc), [0x05, 0x00]])
        case .dsa1024: return DERWriter.sequence([DERWriter.objectIdentifier("2.16.840.1.101.3.4.3.2")])
        case .ed25519: return DERWriter.sequence([DERWriter.objectIdentifier("1.3.101.112")])
        }
    }

    /// A Name in DER.
    package static func name(_ relativeNames: [[Attribute]]) -> [UInt8] {
        DERWriter.sequence(relativeNames.map { DERWriter.set($0.map(\.der)) })
    }

    /// The extensions of RFC 5280 4.2.1 that a PKI usually writes, followed by `furtherExtensions`.
    private func extensions(signer: IssuanceKey, key: IssuanceKey) throws -> [[UInt8]] {
        var extensions: [[UInt8]] = []
        let isCA = isCA ?? (purpose == .authority)
        let limit = pathLength.map { [DERWriter.integer(octets: [$0])] } ?? []
        let basicConstraints = DERWriter.sequence((isCA ? [DERWriter.true] : []) + limit)
        extensions.append(Self.extension("2.5.29.19", basicConstraints, isCritical: true))
        if let keyUsage = keyUsage.map({ [0x03, 0x02, 0x00, $0] }) ?? purpose.keyUsage {
            extensions.append(Self.extension("2.5.29.15", keyUsage, isCritical: true))
        }
        let usages = extendedKeyUsages ?? purpose.extendedKeyUsage.map { [$0] } ?? []
        if !usages.isEmpty {
            extensions.append(
                Self.extension("2.5.29.37", DERWriter.sequence(usages.map(DERWriter.objectIdentifier))))
        }
        if !alternativeNames.isEmpty {
            extensions.append(Self.extension("2.5.29.17", DERWriter.sequence(alternativeNames.map(\.der))))
        }
        let subjectKey = IssuanceDigest.sha1(try key.publicKeyDER())
        extensions.append(Self.extension("2.5.29.14", DERWriter.octetString(subjectKey)))
        let authorityKey = IssuanceDigest.sha1(try signer.publicKeyDER())
        extensions.append(Self.extension("2.5.29.35", DERWriter.sequence([DERWriter.element(0x80, authorityKey)])))
        return extensions + furtherExtensions
    }

    /// Name constraints that permit only DNS names below `domain` (RFC 5280 4.2.1.10), for `furtherExtensions`.
    package static func nameConstraints(permitting domain: String) -> [UInt8] {
        let subtree = DERWriter.sequence([DERWriter.element(0x82, Array(domain.utf8))])
        return Self.extension("2.5.29.30", DERWriter.sequence([DERWriter.context(0, subtree)]), isCritical: true)
    }

    /// One `Extension` in DER.
    package static func `extension`(_ identifier: String, _ value: [UInt8], isCritical: Bool = false) -> [UInt8] {
        let criticality = isCritical ? [DERWriter.true] : []
        return DERWriter.sequence(
            [DERWriter.objectIdentifier(identifier)] + criticality + [DERWriter.octetString(value)])
    }
}

extension CertificateTemplate.Purpose {
    /// keyUsage: keyCertSign and cRLSign for an authority, digitalSignature for the others.
    fileprivate var keyUsage: [UInt8]? {
        switch self {
        case .authority: [0x03, 0x02, 0x01, 0x06]
        case .client, .server: [0x03, 0x02, 0x07, 0x80]
        case .any: nil
        }
    }

    fileprivate var extendedKeyUsage: String? {
        switch self {
        case .server: "1.3.6.1.5.5.7.3.1"
        case .client: "1.3.6.1.5.5.7.3.2"
        case .authority, .any: nil
        }
    }
}
