import Certificates
import ExpiryRules
import Glibc
import Probing

/// The types of values that several sections share. Each function reports an invalid value and returns nil.
extension Cursor {
    /// The name of an entry: at most 64 of `[A-Za-z0-9._-]`.
    func name() -> String? {
        guard let text = text() else { return nil }
        guard text.isEntryName else {
            report("\(quoted(text)) is not a name: at most 64 letters, digits, \".\", \"_\" and \"-\"")
            return nil
        }
        return text
    }

    /// One of `choices`.
    func choice<Choice: RawRepresentable<String>>(of choices: some Sequence<Choice>) -> Choice? {
        guard let text = scalarText() else { return nil }
        if let choice = choices.first(where: { $0.rawValue == text }) { return choice }
        let known = choices.map(\.rawValue)
        report("\(quoted(text)) is not one of \(known.joined(separator: ", "))\(didYouMean(text, among: known))")
        return nil
    }

    /// A whole number within `limits`.
    func integer(within limits: ClosedRange<Int>) -> Int? {
        guard let text = scalarText() else { return nil }
        guard kind == .number, let number = Int(text), limits.contains(number) else {
            report("\(quoted(text)) is not a whole number between \(limits.lowerBound) and \(limits.upperBound)")
            return nil
        }
        return number
    }

    /// `true` or `false`.
    func flag() -> Bool? {
        guard let text = scalarText() else { return nil }
        guard kind == .boolean, ["true", "false"].contains(text.lowercased()) else {
            report("\(quoted(text)) is neither true nor false")
            return nil
        }
        return text.lowercased() == "true"
    }

    /// An IPv4 or IPv6 address without brackets. A link-local address can have a zone (`fe80::1%eth0`, RFC 4007 11).
    func numericAddress() -> String? {
        guard let text = text() else { return nil }
        var address = in6_addr()
        if inet_pton(AF_INET, text, &address) == 1 { return text }
        guard let host = ProbeHost(text), inet_pton(AF_INET6, host.name, &address) == 1 else {
            report("\(quoted(text)) is not an IPv4 or IPv6 address")
            return nil
        }
        // fe80::/10 (RFC 4291 2.5.6)
        let isLinkLocal = withUnsafeBytes(of: address) { $0[0] == 0xFE && $0[1] & 0xC0 == 0x80 }
        guard let zone = host.zone else { return text }
        guard isLinkLocal else {
            report("\(quoted(text)) has a zone, which link-local addresses (fe80::/10) alone have: remove %\(zone)")
            return nil
        }
        return "\(host.name)%\(zone)"
    }

    /// A duration within `limits`.
    func span(within limits: ClosedRange<TimeSpan>) -> TimeSpan? {
        guard let text = scalarText() else { return nil }
        guard let span = TimeSpan(parsing: text) else {
            report("\(quoted(text)) is not a duration such as 1h, 1h30m or 90s\(withUnit("s", text))")
            return nil
        }
        guard limits.contains(span) else {
            report("\(quoted(text)) is not between \(limits.lowerBound) and \(limits.upperBound)")
            return nil
        }
        return span
    }

    /// A span before expiry, or a share of the lifetime.
    func threshold() -> Threshold? {
        guard let text = scalarText() else { return nil }
        if let threshold = Threshold(parsing: text) { return threshold }
        report("\(quoted(text)) is not a threshold such as 30d, 1d12h or 33%\(withUnit("d", text))")
        return nil
    }

    /// Suggests the most likely unit for a number without one.
    private func withUnit(_ unit: String, _ text: String) -> String {
        guard let count = Int32(text), count > 0 else { return "" }
        return "; did you mean \"\(count)\(unit)\"?"
    }

    /// A DNS name, which can begin with `*.`.
    func hostname() -> String? {
        guard let text = text() else { return nil }
        guard Hostname.isValidPattern(text) else {
            report("\(quoted(text)) is not a hostname")
            return nil
        }
        return text
    }

    /// The text of a path, not yet absolute.
    func pathText() -> String? {
        guard let text = text() else { return nil }
        guard text != "~", !text.hasPrefix("~/") else {
            report("~ stands for nothing here: write the path in full")
            return nil
        }
        return text
    }

    /// A path, made absolute.
    func filePath() -> String? {
        pathText().map(reading.base.absolute)
    }
}
