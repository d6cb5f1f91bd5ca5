import Certificates
import ExpiryRules
import LedgerStorage

/// One line of what needs a person now.
struct NoticeRow {
    let notice: OpenNotice
    let context: PageContext

    var values: PageValues {
        let registration = context.settings.plan.registration(named: notice.registration)
        return [
            "mark": context.mark(mark), "name": .text(name), "about": .text(about), "address": .text(address),
            "when": context.time(notice.fingerprint == nil ? notice.observedAt : notice.expiry),
            "owner": .text(registration?.owner ?? ""), "remedy": .text(remedy),
            "tellings": .list(
                notice.tellings.map { ["receiver": .text($0.receiver), "telling": .text(words(for: $0))] }),
        ]
    }

    private var mark: StateMark {
        switch notice.kind {
        case .expired: StateMark(CertificateState.expired)
        case .expiring, .finding, .renewed, .removed, .withdrawn, .findingResolved, .summary: StateMark(notice.severity)
        }
    }

    /// The certificate, or the place of a finding.
    private var name: String {
        notice.name.map { ShortName(subject: $0).text } ?? notice.subject.place ?? notice.registration
    }

    /// The stage with the registration, or the sentence of a finding.
    private var about: String {
        if let finding = notice.finding, let code = notice.subject.findingCode {
            return finding.statement(of: code, in: context.words.language)
        }
        let stage = notice.kind == .expiring ? notice.stage.map { "\($0)" } : nil
        return [notice.registration, stage].compactMap(\.self).joined(separator: " · ")
    }

    private var address: String {
        if let fingerprint = notice.fingerprint { return PageAddress.certificate(fingerprint).relativePath }
        guard let code = notice.subject.findingCode else { return "" }
        switch code.concern {
        case .endpoint: return PageAddress.endpoint(notice.registration).relativePath
        case .certificate, .revocationList, .place:
            var query = CertificateQuery()
            query.registration = notice.registration
            return PageAddress.certificates(query).relativePath
        case .receiver: return PageAddress.deliveries(.open, before: nil).relativePath
        case .machine: return PageAddress.health.relativePath
        }
    }

    private var remedy: String {
        let language = context.words.language
        if let code = notice.subject.findingCode {
            return notice.finding?.remedy(of: code, in: language) ?? code.remedy(in: language)
        }
        return context.words.word("Renew it, and install it at its places.")
    }

    private func words(for telling: OpenNotice.Telling) -> String {
        if telling.isSilenced, telling.state.isOpen { return context.words.word("silenced") }
        guard telling.state == .delivered, let settledAt = telling.settledAt else {
            return context.word(telling.state.rawValue)
        }
        return "✓ \(settledAt.date)"
    }
}
