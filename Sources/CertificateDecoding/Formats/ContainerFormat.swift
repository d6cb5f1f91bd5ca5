/// How a container is written, recognised by what it holds and never by its name. The registry: one case a format, and one
/// method of `Decoding` for each.
package enum ContainerFormat: String, CaseIterable, Sendable {
    /// One or more PEM blocks, with any text between them.
    case pem
    /// Any text in UTF-16.
    case utf16
    /// A certificate in DER, or a structure that begins like one.
    case certificate = "der"
    /// A revocation list in DER.
    case revocationList = "crl"
    /// PKCS #7, or CMS: SignedData, mostly without a signature.
    case signedData = "pkcs7"
    /// PKCS #12.
    case pkcs12
    /// Java's own key stores: JKS, and JCEKS.
    case javaKeyStore = "jks"
    /// Any JSON with PEM or base64 in its strings: cfssl, Vault, AWS, a kubeconfig.
    case json
    /// Any text with base64 of PEM in it: a kubeconfig, a Kubernetes Secret.
    case encodedPEM = "encoded_pem"
    /// Base64, and nothing else, of another container.
    case base64
    /// A key, a configuration, an image: nothing of ours.
    case foreign

    /// Looks at `bytes`, whole.
    package init(of bytes: Span<UInt8>) {
        if let binary = Self.binary(bytes) {
            self = binary
        } else if JSONStrings.opens(bytes) {
            self = .json
        } else if bytes.contains("-----BEGIN ") {
            self = .pem
        } else if UTF16Text.isText(bytes) {
            self = .utf16
        } else if bytes.contains(EncodedPEM.mark) {
            self = .encodedPEM
        } else if Base64Text.isAll(of: bytes) {
            self = .base64
        } else {
            self = .foreign
        }
    }

    /// A binary format, by its first bytes; nil for text, and for content that is too short to tell.
    static func binary(_ bytes: Span<UInt8>) -> ContainerFormat? {
        if JavaKeyStore.opens(bytes) { return .javaKeyStore }
        // What is longer than 127 octets has a length octet with the high bit, and no text begins "0\u{82}". What is shorter
        // has to look like a certificate or a list further in.
        guard bytes.count > 2, bytes[0] == 0x30 else { return nil }
        if SignedData.opens(bytes) { return .signedData }
        let isRevocationList = RevocationListReader.opens(bytes)
        guard bytes[1] >= 0x80 || isRevocationList || CertificateMark.isShortCertificate(bytes) else { return nil }
        guard bytes[1] <= 0x84 else { return nil }
        if PKCS12Mark.stands(in: bytes) { return .pkcs12 }
        return isRevocationList ? .revocationList : .certificate
    }
}
