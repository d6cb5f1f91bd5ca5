/// The format of a container, detected from its content and never from its name. Each case has one method of
/// `Decoding`.
package enum ContainerFormat: String, CaseIterable, Sendable {
    /// One or more PEM blocks, with other text between them.
    case pem
    /// Text in UTF-16.
    case utf16
    /// A certificate in DER, or a structure that begins like one.
    case certificate = "der"
    /// A revocation list in DER.
    case revocationList = "crl"
    /// PKCS #7 or CMS SignedData, usually without a signature.
    case signedData = "pkcs7"
    /// PKCS #12.
    case pkcs12
    /// Java's own key stores, JKS and JCEKS.
    case javaKeyStore = "jks"
    /// JSON with PEM or base64 in its strings: cfssl, Vault, AWS, a kubeconfig.
    case json
    /// Text that contains base64 of PEM: a kubeconfig, a Kubernetes Secret.
    case encodedPEM = "encoded_pem"
    /// The base64 of another container, and nothing else.
    case base64
    /// Anything else, such as a key, a configuration or an image.
    case foreign

    /// Detects the format of `bytes`, the whole content.
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

    /// The binary format that the first bytes indicate. nil for text, and for content that is too short.
    static func binary(_ bytes: Span<UInt8>) -> ContainerFormat? {
        if JavaKeyStore.opens(bytes) { return .javaKeyStore }
        // A structure of more than 127 octets has a length octet with the high bit set, and no text begins with
        // "0\u{82}". A shorter one must look like a certificate or a list further inside.
        guard bytes.count > 2, bytes[0] == 0x30 else { return nil }
        if SignedData.opens(bytes) { return .signedData }
        let isRevocationList = RevocationListReader.opens(bytes)
        guard bytes[1] >= 0x80 || isRevocationList || CertificateMark.isShortCertificate(bytes) else { return nil }
        guard bytes[1] <= 0x84 else { return nil }
        if PKCS12Mark.stands(in: bytes) { return .pkcs12 }
        return isRevocationList ? .revocationList : .certificate
    }
}
