import Certificates
import LedgerStorage
import Messages

/// A forecast as a calendar (RFC 5545) with an event for each notice. The event keeps its UID from one forecast to the
/// next.
package struct ForecastCalendar {
    package let text: String

    /// - Throws: when the UIDs cannot be computed.
    package init(_ forecast: Forecast) throws {
        var calendar = ICalendarText()
        calendar.append("BEGIN", "VCALENDAR")
        calendar.append("VERSION", "2.0")
        calendar.append("PRODID", "-//notafter//forecast//EN")
        calendar.append("CALSCALE", "GREGORIAN")
        calendar.append("X-WR-CALNAME", text: "notafter")
        // The notices are in order of time, so an event begins when the first receiver gets the notice.
        var tellings: [NoticeIdentity: [ForecastNotice]] = [:]
        for notice in forecast.notices { tellings[notice.facts.identity, default: []].append(notice) }
        for notice in forecast.notices {
            guard let all = tellings.removeValue(forKey: notice.facts.identity) else { continue }
            try Self.append(notice, all, madeAt: forecast.from, to: &calendar)
        }
        calendar.append("END", "VCALENDAR")
        text = calendar.text
    }

    private static func append(
        _ notice: ForecastNotice, _ all: [ForecastNotice], madeAt: Instant, to calendar: inout ICalendarText
    ) throws {
        let identity = notice.facts.identity
        let uid = try MessageIdentifier.hash(of: [
            "calendar/1", identity.subject.text, identity.kind.rawValue, String(identity.stage),
            String(identity.episode),
            String(identity.repetition),
        ])
        let audience = all.flatMap { telling in telling.receivers.map { "\($0) at \(telling.at)" } }
        calendar.append("BEGIN", "VEVENT")
        calendar.append("UID", "\(uid)@notafter")
        calendar.append("DTSTAMP", basic(madeAt))
        calendar.append("DTSTART", basic(notice.at))
        calendar.append("SUMMARY", text: notice.title)
        calendar.append(
            "DESCRIPTION",
            text: "\(notice.text) Receivers: \(audience.isEmpty ? "none" : audience.joined(separator: ", ")).")
        calendar.append("CATEGORIES", text: notice.facts.severity.rawValue)
        calendar.append("TRANSP", "TRANSPARENT")
        calendar.append("END", "VEVENT")
    }

    /// `20261221T031000Z`
    private static func basic(_ instant: Instant) -> String {
        instant.description.filter { $0 != "-" && $0 != ":" }
    }
}

extension ForecastNotice {
    private var words: NoticeWords { NoticeWords(facts, registration: registration) }

    /// The title that the message will have in English.
    package var title: String { Language.english.phrasebook.title(words) }

    /// The text that the message will have in English.
    package var text: String { Language.english.phrasebook.text(words) }
}
