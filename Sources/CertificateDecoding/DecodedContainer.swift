import Certificates

/// What a file or stream held, in order, with its defects.
package struct DecodedContainer: Hashable, Sendable {
    /// In their order: an entry's index is that of its `Location`.
    package var entries: [Sighting]
    package var revocationLists: [RevocationList]
    package var defects: [Defect]
    /// The DER of all that was read, by fingerprint; empty unless the decoder keeps it.
    package var encodings: [Fingerprint: [UInt8]]
    /// The files that it names as holding its certificates, as it names them: a relative one begins at its own directory.
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
