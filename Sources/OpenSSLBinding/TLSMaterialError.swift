/// Why bytes that should set up a TLS client do not.
package enum TLSMaterialError: Error, Hashable, Sendable {
    /// The PEM holds no certificate at all.
    case noCertificate
    /// The PEM holds no private key.
    case noKey
    /// The key has a passphrase. There is no prompt: a daemon has no terminal.
    case encrypted
    /// The passphrase that was given opens neither the key nor the PKCS #12 file; or that is damaged.
    case wrongPassphrase
    /// The key is not the certificate's.
    case keyMismatch
    /// The key lies on a token, and OpenSSL has no engine for tokens.
    case noTokenEngine
    /// No token at hand shows such a key.
    case noTokenObject
    /// The token does not open with its PIN.
    case wrongPIN
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
        case .noTokenEngine:
            "needs OpenSSL's engine pkcs11, which is not installed: on Debian it is in libengine-pkcs11-openssl"
        case .noTokenObject:
            "is not found: look whether p11-kit list-modules shows the token, whether it has such a private key, and "
                + "whether the URI names a PIN by pin-source"
        case .wrongPIN:
            "is not opened by the PIN, which is not tried again before its file changes: tokens lock themselves"
        case .unreadable(let error): "cannot be read by OpenSSL: \(error)"
        }
    }
}
