/// The content of one container in its order, with its defects. A defective element does not hide the others.
package struct CertificateBundle: Hashable, Sendable {
    package var certificates: [Certificate]
    package var revocationLists: [RevocationList]
    package var defects: [Defect]
    /// The DER of all elements by fingerprint. Empty unless the caller asked for it.
    package var encodings: [Fingerprint: [UInt8]]

    package init(
        certificates: [Certificate] = [], revocationLists: [RevocationList] = [], defects: [Defect] = [],
        encodings: [Fingerprint: [UInt8]] = [:]
    ) {
        self.certificates = certificates
        self.revocationLists = revocationLists
        self.defects = defects
        self.encodings = encodings
    }
}
