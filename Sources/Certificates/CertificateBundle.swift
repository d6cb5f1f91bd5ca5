/// What one container held, in order, with its defects. Partial failure is data: one bad block hides no good one.
package struct CertificateBundle: Hashable, Sendable {
    package var certificates: [Certificate]
    package var revocationLists: [RevocationList]
    package var defects: [Defect]

    package init(
        certificates: [Certificate] = [], revocationLists: [RevocationList] = [], defects: [Defect] = []
    ) {
        self.certificates = certificates
        self.revocationLists = revocationLists
        self.defects = defects
    }
}
