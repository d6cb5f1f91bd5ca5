import Certificates

/// What something depends on, and when that ends.
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

    /// Reads four columns: the instant, and kind, fingerprint and subject of the culprit's row.
    init?(from row: any SQLRow, at column: Int) {
        guard let seconds = row.integer(column),
            let kind = row.text(column + 1).flatMap(WatchedObject.Kind.init(rawValue:)),
            let fingerprint = row.blob(column + 2).flatMap(Fingerprint.init(bytes:))
        else { return nil }
        expiry = Instant(seconds: seconds)
        culprit = Culprit(kind: kind, fingerprint: fingerprint, name: row.text(column + 3) ?? "")
    }
}
