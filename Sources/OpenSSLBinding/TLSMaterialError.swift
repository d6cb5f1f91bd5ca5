/// Why bytes that should set up a TLS client do not.
package enum TLSMaterialError: Error, Hashable, Sendable {
    /// The PEM holds no certificate at all.
    case noCertificate
    /// The PEM holds no private key.
    case noKey
    /// The key has a passphrase. It is never asked for: a daemon has nobody to ask.
    case encrypted
    /// The passphrase that was given opens neither the key nor the PKCS #12 file; or that is damaged.
    case wrongPassphrase
    /// The key is not the certificate's.
    case keyMismatch
    /// OpenSSL could not read what it found.
    case unreadable(OpenSSLError)
}

extension TLSMaterialError: CustomStringConvertible {
    /// What is wrong, to follow the name of the file.
    package var description: String {
        switch self {
        case .noCertificate: "holds no certificate in PEM"
        case .noKey: "holds no private key in PEM"
        case .encrypted: "is encrypted, and its passphrase is not given"
        case .wrongPassphrase: "does not open with its passphrase"
        case .keyMismatch: "is not the key of the certificate"
        case .unreadable(let error): "cannot be read by OpenSSL: \(error)"
        }
    }
}
