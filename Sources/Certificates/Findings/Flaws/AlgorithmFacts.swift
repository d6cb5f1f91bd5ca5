/// The kind and size of a public key, as a finding states it.
package enum KeyFact: Hashable, Sendable, Codable {
    case rsa(bits: Int)
    case dsa(bits: Int)
    case curve(String)
    /// A curve with parameters of its own.
    case unnamedCurve(bits: Int)
    case edwards
    case unknown
}

extension KeyFact: Phrase {
    /// `RSA 1024`
    package var english: String {
        switch self {
        case .rsa, .dsa, .curve, .edwards: name
        case .unnamedCurve(let bits): "EC \(bits) bits"
        case .unknown: "of an unknown kind"
        }
    }

    package var japanese: String {
        switch self {
        case .rsa, .dsa, .curve, .edwards: name
        case .unnamedCurve(let bits): "EC \(bits)ビット"
        case .unknown: "種類不明"
        }
    }

    private var name: String {
        switch self {
        case .rsa(let bits): "RSA \(bits)"
        case .dsa(let bits): "DSA \(bits)"
        case .curve(let name): "EC \(name)"
        case .edwards: "EdDSA"
        case .unnamedCurve, .unknown: ""
        }
    }
}

/// The algorithm of a signature, as a finding states it.
package struct SignatureFact: Hashable, Sendable, Codable {
    /// The signature scheme.
    package enum Scheme: String, Hashable, Sendable, Codable, CaseIterable {
        case rsa = "RSA"
        case rsaPSS = "RSASSA-PSS"
        case ecdsa = "ECDSA"
        case dsa = "DSA"
        case edwards = "EdDSA"
        case other
    }

    /// The digest that is signed. An algorithm whose digest is part of its scheme has none.
    package enum Digest: String, Hashable, Sendable, Codable, CaseIterable {
        case md5OrOlder = "MD5"
        case sha1 = "SHA-1"
        case sha224 = "SHA-224"
        case sha256 = "SHA-256"
        case sha384 = "SHA-384"
        case sha512 = "SHA-512"
    }

    package let scheme: Scheme
    package let digest: Digest?

    package init(scheme: Scheme, digest: Digest?) {
        self.scheme = scheme
        self.digest = digest
    }
}

extension SignatureFact: Phrase {
    /// `RSA with SHA-1`
    package var english: String {
        let name = scheme == .other ? "another algorithm" : scheme.rawValue
        return switch digest {
        case .md5OrOlder: "\(name) with MD5 or older"
        case let digest?: "\(name) with \(digest.rawValue)"
        case nil: name
        }
    }

    package var japanese: String {
        let name = scheme == .other ? "その他の方式" : scheme.rawValue
        return switch digest {
        case .md5OrOlder: "\(name)とMD5以前"
        case let digest?: "\(name)と\(digest.rawValue)"
        case nil: name
        }
    }
}

/// A flaw of a certificate's extension.
package struct ExtensionFact: Hashable, Sendable, Codable {
    /// The kind of flaw.
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case duplicate
        case malformed
    }

    package let kind: Kind
    /// `subjectAltName`, or the dotted identifier; nil if it is not known which extension has the flaw.
    package let name: String?

    package init(_ kind: Kind, name: String?) {
        self.kind = kind
        self.name = name
    }
}

extension ExtensionFact: Phrase {
    package var english: String {
        let subject = name.map { "its extension \($0)" } ?? "one of its extensions"
        return switch kind {
        case .duplicate: "\(subject) occurs more than once, which RFC 5280 4.2 forbids"
        case .malformed: "\(subject) is malformed"
        }
    }

    package var japanese: String {
        let subject = name.map { "拡張領域 \($0) " } ?? "いずれかの拡張領域"
        return switch kind {
        case .duplicate: "\(subject)が2回以上現れます（RFC 5280 4.2 で禁止）"
        case .malformed: "\(subject)の形式が正しくありません"
        }
    }
}
