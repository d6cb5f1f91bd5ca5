import Certificates

/// The content of a file or stream in its order, with its defects.
package struct DecodedContainer: Hashable, Sendable {
    /// In their order. The index of an entry is the index of its `Location`.
    package var entries: [Sighting]
    package var revocationLists: [RevocationList]
    package var defects: [Defect]
    /// The DER of all decoded objects, by fingerprint. Empty unless the decoder keeps it.
    package var encodings: [Fingerprint: [UInt8]]
    /// The files that the container names as the places of its certificates. A relative path starts at the directory of
    /// the container.
    package var references: [FilePath]

    package init(
        entries: [Sighting] = [], revocationLists: [RevocationList] = [], defects: [Defect] = [],
        encodings: [Fingerprint: [UInt8]] = [:], references: [FilePath] = []
    ) {
        self.entries = entries
        self.revocationLists = revocationLists
        self.defects = defects
        self.encodings = encodings
        self.references = references
    }
}
