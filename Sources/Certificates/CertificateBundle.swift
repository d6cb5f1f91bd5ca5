/// What one container held, in order, with its defects. Partial failure is data: one bad block hides no good one.
package struct CertificateBundle: Hashable, Sendable {
    package var certificates: [Certificate]
    package var revocationLists: [RevocationList]
    package var defects: [Defect]
    /// The DER of all of them, by fingerprint; empty where nobody asked for it.
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
