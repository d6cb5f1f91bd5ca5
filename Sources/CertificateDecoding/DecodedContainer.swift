import Certificates

/// What a file or stream held, in order, with its defects.
package struct DecodedContainer: Hashable, Sendable {
    /// In their order: an entry's index is that of its `Location`.
    package var entries: [Sighting]
    package var revocationLists: [RevocationList]
    package var defects: [Defect]
    /// The DER of all that was read, by fingerprint; empty unless the decoder keeps it.
    package var encodings: [Fingerprint: [UInt8]]

    package init(
        entries: [Sighting] = [], revocationLists: [RevocationList] = [], defects: [Defect] = [],
        encodings: [Fingerprint: [UInt8]] = [:]
    ) {
        self.entries = entries
        self.revocationLists = revocationLists
        self.defects = defects
        self.encodings = encodings
    }
}
