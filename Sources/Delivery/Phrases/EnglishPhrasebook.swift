import Certificates
import ExpiryRules

/// The built-in texts in English.
struct EnglishPhrasebook: Phrasebook {
    func title(_ words: NoticeWords) -> String {
        let list = words.object == .revocationList ? "revocation list of " : ""
        let which = words.subject.isEmpty ? words.registration : "\(list)\(words.subject) of \(words.registration)"
        return switch words.kind {
        case .expiring where words.object == .revocationList: "\(which) is stale in \(timeLeft(words))"
        case .expiring: "\(which) expires in \(timeLeft(words))"
        case .expired where words.object == .revocationList: "\(which) is stale"
        case .expired: "\(which) has expired"
        case .renewed where words.culprit == nil && words.successorExpiry == nil: "\(which) lasts longer again"
        case .renewed: "\(which) was renewed"
        case .removed: "\(which) is gone"
        case .finding: "\(words.registration): \(words.finding.map(finding) ?? "needs a look")"
        case .findingResolved: "\(words.registration): over: \(words.finding.map(finding) ?? "a finding")"
        }
    }

    func text(_ words: NoticeWords) -> String {
        let name = "\(role(words)) \"\(words.subject)\" of \(words.registration)"
        let expiry = words.expiry.map(\.description) ?? "an unknown date"
        return switch words.kind {
        case .expiring:
            """
            \(name) \(words.object == .revocationList ? "is stale" : "expires") in \(timeLeft(words)), at \
            \(expiry)\(place(words)).\(culprit(words)) \
            \(remedy(words.remedy))\(owner(words)) before then.\(dependents(words))\(lateness(words))
            """
        case .expired:
            """
            \(name) \(words.object == .revocationList ? "is stale since" : "expired at") \
            \(expiry)\(place(words)).\(culprit(words)) \
            \(remedy(words.remedy))\(owner(words)) now.\(dependents(words))\(lateness(words))
            """
        case .renewed where words.successorExpiry == nil:
            "\(name) lasts until \(expiry) again: what ended it before was renewed\(place(words))."
        case .renewed:
            "\(name) was renewed\(successor(words))\(place(words))."
        case .removed:
            "\(name) is gone from every registered place\(place(words))."
        case .finding:
            words.findingMessage ?? "\(words.registration) needs a look."
        case .findingResolved:
            "Over: \(words.findingMessage ?? words.registration)"
        }
    }

    func remedy(_ remedy: Remedy) -> String {
        switch remedy {
        case .renewAuthority(let hostnames):
            let served = hostnames.isEmpty ? "" : " for \(hostnames.joined(separator: ", "))"
            return "Renew it and give the new one to whoever verifies against it\(served)"
        case .uploadToCloudflareAccess(let hostnames):
            let attached =
                hostnames.isEmpty ? "the hostnames of the old one" : hostnames.joined(separator: ", ")
            return "Upload a renewed CA to Cloudflare Access and attach \(attached)"
        case .renewAndReplace:
            return "Renew it and put the new one in its place"
        case .publishList:
            return "Publish the next list"
        }
    }

    func finding(_ code: FindingCode) -> String {
        code.rawValue.replacing("_", with: " ").replacing(" ca", with: " CA")
    }

    func remedy(for code: FindingCode) -> String { code.remedy }

    func label(_ field: FieldName) -> String {
        switch field {
        case .registration: "Registration"
        case .expires: "Expires"
        case .location: "Where"
        case .foundBy: "Found by"
        case .owner: "Owner"
        case .affects: "Affects"
        case .issuer: "Issuer"
        case .serial: "Serial number"
        case .fingerprint: "SHA-256"
        case .labels: "Labels"
        }
    }

    func finder(_ finder: NoticeWords.Finder) -> String {
        switch finder {
        case .file: "a scan of files"
        case .endpoint: "a probe of the endpoint"
        case .fetched: "a command or URL"
        case .standardInput: "standard input"
        }
    }

    func everybodyWhoPresents() -> String { "everybody whose client certificate it issued" }

    func testTitle() -> String { "Test message of notafter" }

    func testText(receiver: String) -> String {
        "This is a test message of notafter to the receiver \(receiver): alerts will arrive here."
    }

    func templateFailed(_ reason: TemplateFailure) -> String {
        switch reason {
        case .empty: "(The receiver's template came out empty, so this is the built-in text.)"
        case .tooLong: "(The receiver's template came out too long, so this is the built-in text.)"
        }
    }

    private func role(_ words: NoticeWords) -> String {
        switch words.role {
        case _ where words.object == .revocationList: "Revocation list of"
        case .ca: "CA certificate"
        case .client: "Client certificate"
        case .server: "Server certificate"
        case .revocationList, nil: "Certificate"
        }
    }

    private func culprit(_ words: NoticeWords) -> String {
        words.culprit.map { " It ends with its CA \"\($0)\", before its own notAfter: renew that first." } ?? ""
    }

    private func dependents(_ words: NoticeWords) -> String {
        let stale =
            words.object == .revocationList
            ? " With a stale list whoever checks it, such as nginx and OpenSSL, refuses every client." : ""
        let (count, endpoints) = (words.dependents.certificates, words.dependents.endpoints)
        guard count > 0 || !endpoints.isEmpty else { return stale }
        let named = endpoints.isEmpty ? "" : " and the endpoints \(endpoints.joined(separator: ", "))"
        return "\(stale) With it \(counted(count, "registered certificate"))\(named) stop working."
    }

    private func place(_ words: NoticeWords) -> String {
        guard let place = words.place else { return "" }
        return " (\(place)\(words.furtherPlaces > 0 ? " and \(words.furtherPlaces) more" : ""))"
    }

    private func timeLeft(_ words: NoticeWords) -> String {
        guard let left = words.timeLeft else { return "an unknown time" }
        if words.object == .revocationList, left < .days(3) {
            return left < .hours(1) ? "less than an hour" : counted(Int(left.seconds / 3_600), "hour")
        }
        return left < .days(1) ? "less than a day" : left == .days(1) ? "1 day" : "\(left.daysRoundedUp) days"
    }

    private func owner(_ words: NoticeWords) -> String {
        words.owner.map { " (owner: \($0))" } ?? ""
    }

    private func successor(_ words: NoticeWords) -> String {
        words.successorExpiry.map { ", and its successor expires at \($0)" } ?? ""
    }

    /// Why a milder stage was never told.
    private func lateness(_ words: NoticeWords) -> String {
        guard !words.missed.isEmpty else { return "" }
        let stages = words.missed.joined(separator: " and ")
        guard let since = words.notObservedSince else { return " First seen when \(stages) had already passed." }
        return " \(stages) passed while nobody looked, since \(since)."
    }
}
