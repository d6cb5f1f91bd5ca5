/// A signature algorithm that a TLS server accepts from clients (RFC 8446 4.2.3). Until TLS 1.2 it is a pair of hash
/// and signature algorithm.
package struct SignatureScheme: Hashable, Sendable, CustomStringConvertible {
    package let number: UInt16

    package init(number: UInt16) {
        self.number = number
    }

    private static let names: [UInt16: String] = [
        0x0201: "rsa_pkcs1_sha1", 0x0202: "dsa_sha1", 0x0203: "ecdsa_sha1", 0x0301: "rsa_pkcs1_sha224",
        0x0303: "ecdsa_sha224", 0x0401: "rsa_pkcs1_sha256", 0x0403: "ecdsa_secp256r1_sha256",
        0x0501: "rsa_pkcs1_sha384", 0x0503: "ecdsa_secp384r1_sha384", 0x0601: "rsa_pkcs1_sha512",
        0x0603: "ecdsa_secp521r1_sha512", 0x0804: "rsa_pss_rsae_sha256", 0x0805: "rsa_pss_rsae_sha384",
        0x0806: "rsa_pss_rsae_sha512", 0x0807: "ed25519", 0x0808: "ed448", 0x0809: "rsa_pss_pss_sha256",
        0x080A: "rsa_pss_pss_sha384", 0x080B: "rsa_pss_pss_sha512", 0x0904: "mldsa44", 0x0905: "mldsa65",
        0x0906: "mldsa87",
    ]

    /// The name in IANA's registry, or the number.
    package var description: String { Self.names[number] ?? "signature scheme \(number)" }
}
