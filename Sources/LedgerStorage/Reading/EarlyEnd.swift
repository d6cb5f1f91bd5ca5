import Certificates
import ExpiryRules

extension EarlyEnd {
    /// Reads four columns: the instant, and kind, fingerprint and subject of the culprit's row.
    init?(from row: any SQLRow, at column: Int) {
        guard let seconds = row.integer(column),
            let kind = row.text(column + 1).flatMap(WatchedObject.Kind.init(rawValue:)),
            let fingerprint = row.blob(column + 2).flatMap(Fingerprint.init(bytes:))
        else { return nil }
        self.init(
            expiry: Instant(seconds: seconds),
            culprit: Culprit(kind: kind, fingerprint: fingerprint, name: row.text(column + 3) ?? ""))
    }
}
