import Certificates
import ExpiryRules
import LedgerStorage

/// The built-in texts in English.
struct EnglishPhrasebook: Phrasebook {
    func title(_ words: NoticeWords) -> String {
        let list = words.object == .revocationList ? "revocation list of " : ""
        let which = words.subject.isEmpty ? words.registration : "\(list)\(words.subject) of \(words.registration)"
        let title =
            switch words.kind {
            case .expiring where words.object == .revocationList: "\(which) goes stale in \(timeLeft(words))"
            case .expiring: "\(which) expires in \(timeLeft(words))"
            case .expired where words.object == .revocationList: "\(which) is stale"
            case .expired: "\(which) has expired"
            case .renewed where words.culprit == nil && words.successorExpiry == nil: "\(which) lasts longer again"
            case .renewed: "\(which) was renewed"
            case .removed: "\(which) is gone"
            case .withdrawn: "\(which) was reported too early"
            case .finding: "\(words.registration): \(words.finding?.name(in: .english) ?? "needs attention")"
            case .summary: words.summary.map(summaryTitle) ?? "Summary of what notafter watches"
            case .findingResolved: "\(words.registration): over: \(words.finding?.name(in: .english) ?? "a finding")"
            }
        return reminder(words) + title
    }

    func text(_ words: NoticeWords) -> String {
        let name = "\(role(words)) \"\(words.subject)\" of \(words.registration)"
        let isList = words.object == .revocationList
        let expiry = words.expiry.map(\.description) ?? "an unknown date"
        let text =
            switch words.kind {
            case .expiring:
                """
                \(name) \(isList ? "goes stale" : "expires") in \(timeLeft(words)), at \
                \(expiry)\(culprit(words))\(place(words)). \
                \(remedy(words.remedy))\(owner(words)) before then.\(falls(words))\(lateness(words))
                """
            case .expired:
                """
                \(name) \(isList ? "has been stale since" : "expired at") \(expiry)\(culprit(words))\(place(words)). \
                \(remedy(words.remedy))\(owner(words)) now.\(falls(words))\(lateness(words))
                """
            case .renewed where words.successorExpiry == nil:
                "\(name) lasts until \(expiry) again: what ended it before was renewed\(place(words))."
            case .renewed:
                "\(name) was renewed\(successor(words))\(place(words))."
            case .removed:
                "\(name) is gone from every registered place\(place(words))."
            case .withdrawn:
                """
                Withdrawn: \(name) \(isList ? "goes stale" : "expires") at \(expiry)\(place(words)). The clock of the machine \
                that notafter runs on was ahead when this was reported; it is reported again when it is due.
                """
            case .finding:
                findingText(words)
            case .summary:
                words.summary.map(summaryTitle) ?? "The state of everything that notafter watches."
            case .findingResolved:
                "Over since \(words.occurredAt): \(words.statement(in: .english) ?? words.registration)"
            }
        return reminder(words) + text
    }

    func remedy(_ remedy: Remedy) -> String {
        switch remedy {
        case .renewAuthority(let hostnames):
            let served = hostnames.isEmpty ? "" : " for \(listed(hostnames))"
            return "Renew it and install the new one wherever it is trusted\(served)"
        case .uploadToCloudflareAccess(let hostnames):
            let attached =
                hostnames.isEmpty ? "the hostnames of the old one" : listed(hostnames)
            return "Upload a renewed CA to Cloudflare Access and attach \(attached)"
        case .uploadToTrustStore:
            return "Renew it and upload the new one to the load balancer's trust store"
        case .renewAndReplace:
            return "Renew it and put the new one in its place"
        case .issueList:
            return "Issue a new list and install it on every server that checks it"
        case .renewAuthorityFirst(let name):
            return "Renew the CA \"\(name.prefix(200))\", which expires first,"
        }
    }

    /// The name of the finding, its begin, the statement and the remedy.
    private func findingText(_ words: NoticeWords) -> String {
        guard let code = words.finding, let text = words.findingText(in: .english) else {
            return "\(words.registration) needs attention since \(words.occurredAt)."
        }
        return "\(code.name(in: .english).capitalizedFirst) since \(words.occurredAt): \(text)"
    }

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
        case .observed: "its use at an edge"
        }
    }

    var listSeparator: String { ", " }

    func everybodyWhoPresents() -> String { "every client whose certificate it issued" }

    func digestTitle(_ words: DigestWords) -> String {
        let counts = [
            words.expired > 0 ? "\(words.expired) expired" : nil,
            words.expiring > 0 ? "\(words.expiring) expiring" : nil,
            words.findings > 0 ? counted(words.findings, "finding") : nil, words.over > 0 ? "\(words.over) over" : nil,
        ]
        return "\(counted(words.total, "notice")): \(counts.compactMap(\.self).joined(separator: ", "))"
    }

    func digestRest(_ count: Int) -> String { "and \(count) more: `notafter list` shows them" }

    func repeatMark(of identifier: String) -> String {
        "(Sent again, since the first answer was lost; ignore it if you have seen \(identifier).)"
    }

    func testTitle() -> String { "Test message of notafter" }

    func testText(receiver: String) -> String {
        "This is a test message of notafter to the receiver \(receiver): alerts will arrive here."
    }

    func templateFailed(_ reason: TemplateFailure) -> String {
        switch reason {
        case .empty: "(The receiver's template came out empty, so this is the built-in text.)"
        case .tooLong: "(The receiver's template came out too long, so this is the built-in text.)"
        case .unusable(let reason):
            "(The receiver's template cannot be used, so this is the built-in text: \(reason).)"
        }
    }

    private func reminder(_ words: NoticeWords) -> String { words.isReminder ? "Reminder: " : "" }

    private func role(_ words: NoticeWords) -> String {
        switch (words.object, words.role) {
        case (.revocationList, _): "Revocation list"
        case (_, .ca): "CA certificate"
        case (_, .client): "Client certificate"
        case (_, .server): "Server certificate"
        case (_, .revocationList), (_, nil): "Certificate"
        }
    }

    /// Names the CA whose expiry ends the certificate before its own notAfter.
    private func culprit(_ words: NoticeWords) -> String {
        words.culprit.map { ", when its CA \"\($0)\" expires" } ?? ""
    }

    private func falls(_ words: NoticeWords) -> String {
        let dependents = words.dependents
        let fallen = self.dependents(dependents)
        let refusal =
            words.object == .revocationList
            ? " Servers that check a stale list, such as nginx, refuse every client." : ""
        guard !fallen.isEmpty else { return refusal }
        let verb = agreeing(dependents.certificates + dependents.endpoints.count, "depends", "depend")
        return "\(refusal) \(fallen.joined(separator: " and ").capitalizedFirst) \(verb) on it."
    }

    func dependents(_ dependents: Dependents) -> [String] {
        let count = dependents.certificates
        let certificates = count == 0 ? [] : [counted(count, "registered certificate")]
        let endpoints =
            dependents.endpoints.isEmpty
            ? []
            : [
                "the \(agreeing(dependents.endpoints.count, "endpoint", "endpoints")) "
                    + listed(dependents.endpoints.prefix(Self.endpointLimit))
            ]
        return certificates + endpoints
    }

    /// The most endpoints that the sentence lists. The table has more of them.
    private static let endpointLimit = 5

    private func place(_ words: NoticeWords) -> String {
        guard let place = words.place else { return "" }
        return " (\(place)\(words.furtherPlaces > 0 ? " and \(words.furtherPlaces) more" : ""))"
    }

    private func timeLeft(_ words: NoticeWords) -> String {
        words.timeLeft.map { "\(CountedTime($0))" } ?? "an unknown time"
    }

    private func owner(_ words: NoticeWords) -> String {
        words.owner.map { " (owner: \($0))" } ?? ""
    }

    private func successor(_ words: NoticeWords) -> String {
        words.successorExpiry.map { ", and its successor expires at \($0)" } ?? ""
    }

    /// Explains why no notice of an earlier stage was sent.
    private func lateness(_ words: NoticeWords) -> String {
        guard !words.missed.isEmpty else { return "" }
        let stages = words.missed.map { "\(CountedTime($0))" }.joined(separator: " and ")
        guard let since = words.notObservedSince else {
            return " It was first seen less than \(stages) before its end."
        }
        let notices = agreeing(words.missed.count, "notice", "notices")
        let were = agreeing(words.missed.count, "was", "were")
        return " The \(notices) due \(stages) before its end \(were) missed: it was not checked after \(since)."
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
