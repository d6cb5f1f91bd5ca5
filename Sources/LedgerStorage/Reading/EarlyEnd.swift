import Certificates

/// What ends a certificate before its own notAfter does.
package struct EarlyEnd: Hashable, Sendable {
    /// What it depends on.
    package struct Culprit: Hashable, Sendable {
        package let kind: WatchedObject.Kind
        package let fingerprint: Fingerprint
        /// The CA's subject, or the list's issuer.
        package let name: String

        package init(kind: WatchedObject.Kind, fingerprint: Fingerprint, name: String) {
            self.kind = kind
            self.fingerprint = fingerprint
            self.name = name
        }
    }

    package let expiry: Instant
    package let culprit: Culprit

    package init(expiry: Instant, culprit: Culprit) {
        self.expiry = expiry
        self.culprit = culprit
    }
}

/// How an early end stands in rows: of the judgement `j`, and of the culprit's row `e`.
enum EarlyEndRow {
    static let columns = "j.expires_at, e.kind, e.fingerprint, e.subject"

    static func earlyEnd(from row: any SQLRow, at column: Int) -> EarlyEnd? {
        guard let seconds = row.integer(column),
            let kind = row.text(column + 1).flatMap(WatchedObject.Kind.init(rawValue:)),
            let fingerprint = row.blob(column + 2).flatMap(Fingerprint.init(bytes:))
        else { return nil }
        return EarlyEnd(
            expiry: Instant(seconds: seconds),
            culprit: EarlyEnd.Culprit(kind: kind, fingerprint: fingerprint, name: row.text(column + 3) ?? ""))
    }
}
