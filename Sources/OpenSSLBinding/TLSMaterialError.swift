/// Why the given files cannot be used for a TLS client.
package enum TLSMaterialError: Error, Hashable, Sendable {
    /// The PEM contains no certificate.
    case noCertificate
    /// The PEM contains no private key.
    case noKey
    /// The key is encrypted and no passphrase is given. There is no prompt, since a daemon has no terminal.
    case encrypted
    /// The passphrase does not decrypt the key or the PKCS #12 file, or the file is damaged.
    case wrongPassphrase
    /// The key does not belong to the certificate.
    case keyMismatch
    /// The key is on a token, and OpenSSL has no engine for tokens.
    case noTokenEngine
    /// No available token has the key.
    case noTokenObject
    /// The token rejects the PIN.
    case wrongPIN
    /// OpenSSL could not parse the content.
    case unreadable(OpenSSLError)
}

extension TLSMaterialError: CustomStringConvertible {
    /// The problem, as a clause to follow the file's name.
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
