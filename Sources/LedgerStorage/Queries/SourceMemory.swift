import Certificates
import ExpiryRules

/// The stored files of a source, for its scan. It is valid inside one snapshot.
package struct SourceMemory {
    let session: any SQLSession
    let source: StoredSource?

    /// The files of this source after `path`, in the order of their paths' bytes.
    package func files(after path: FilePath?, limit: Int) throws -> [RememberedFile] {
        guard let source else { return [] }
        return try session.all(
            "SELECT path, change_key FROM files WHERE source_id = $1 AND path > $2 ORDER BY path LIMIT $3",
            [.integer(source.id), .blob(path?.bytes ?? []), SQLValue(limit)]
        ) { RememberedFile(path: FilePath(bytes: try $0.blob()), changeKey: $0.optionalBlob()) }
    }

    /// Whether the ledger has the facts of this certificate, so that it need not be decoded again.
    package func knows(_ fingerprint: Fingerprint) throws -> Bool {
        try session.objects.contains(fingerprint)
    }
}

extension Ledger {
    /// Runs `body` with the stored files of a source, on a thread of the database, where it may read files.
    package func recalling<Value: Sendable>(
        _ key: SourceKey, _ body: @escaping @Sendable (SourceMemory) throws -> Value
    ) async throws -> Value {
        try await engine.read { session in
            try body(SourceMemory(session: session, source: try session.sources.source(key)))
        }
    }

    /// The revision of a source. Ask for it before the source is read.
    package func revision(of key: SourceKey) async throws -> SourceRevision {
        try await engine.read { try $0.sources.revision(key) }
    }
}
