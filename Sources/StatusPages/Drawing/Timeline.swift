import Certificates
import LedgerStorage

/// The ends of the next twelve months as a drawing: a stacked bar for each week, and a flag for each CA.
struct Timeline {
    static let weeks = 53

    private static let (width, height) = (1_060, 236)
    private static let (left, right, top, bottom) = (52, 1_048, 44, 200)
    private static let flagLimit = 8

    let counts: ExpiryCounts
    let words: Words
    /// The thresholds that are shaded, in days.
    let bandDays: [Int]

    /// What ends within the drawing.
    var total: Int { counts.weeks.map(\.total).reduce(0, +) }

    private var overdue: Int { counts.overdue.total }
    private var highest: Int { max(counts.weeks.map(\.total).max() ?? 0, overdue, 1) }
    /// The right end of the scale: 1, 2 or 5 times a power of ten.
    private var scale: Int {
        var step = 1
        while true {
            for factor in [1, 2, 5] where factor * step >= highest { return factor * step }
            step *= 10
        }
    }

    private func x(atDay day: Int) -> Int { Self.left + (Self.right - Self.left) * day / (Self.weeks * 7) }
    private func height(of count: Int) -> Int {
        count == 0 ? 0 : max(3, (Self.bottom - Self.top) * count / scale)
    }

    var svg: Markup {
        var svg: Markup = """
            <svg viewBox="0 0 \(Self.width) \(Self.height)" role="group" aria-label="\(
                words(CountPhrase.timeline(ending: total, overdue: overdue)))">
            """
        for days in bandDays.sorted(by: >) { svg += band(days) }
        svg += grid
        svg += months
        if overdue > 0 { svg += overdueBar }
        for (index, week) in counts.weeks.enumerated() where week.total > 0 { svg += bar(week, index) }
        for authority in counts.authorities.prefix(Self.flagLimit) { svg += flag(authority) }
        svg += "<path class=\"axis\" d=\"M\(Self.left) \(Self.bottom)H\(Self.right)\"/></svg>"
        return svg
    }

    private func band(_ days: Int) -> Markup {
        let label = words(CountPhrase.lastDays(days))
        let end = x(atDay: min(days, Self.weeks * 7))
        return """
            <rect class="band" x="\(Self.left)" y="\(Self.top)" width="\(end - Self.left)" height="\(
                Self.bottom - Self.top)"><title>\(label)</title></rect><path class="grid" d="M\(end) \(Self.top)V\(
                Self.bottom)"/>
            """
    }

    private var grid: Markup {
        var grid: Markup = ""
        for (count, y) in [(scale, Self.top), (scale / 2, (Self.top + Self.bottom) / 2)] where count > 0 {
            grid += """
                <path class="grid" d="M\(Self.left) \(y)H\(Self.right)"/><text x="\(Self.left - 8)" y="\(
                    y + 4)" text-anchor="end">\(count)</text>
                """
        }
        return grid
    }

    /// A tick at the first day of each month. Every tick has a name, and January the year.
    private var months: Markup {
        var months: Markup = ""
        var time = CalendarTime(counts.beginning)
        (time.day, time.hour, time.minute, time.second) = (1, 0, 0, 0)
        for _ in 0..<13 {
            (time.year, time.month) = time.month == 12 ? (time.year + 1, 1) : (time.year, time.month + 1)
            let day = Int((time.instant - counts.beginning).wholeDays)
            guard day < Self.weeks * 7 - 10 else { break }
            let x = x(atDay: day)
            let name = time.month == 1 ? "\(time.year)" : words.word(Self.monthNames[time.month - 1])
            months += """
                <path class="axis" d="M\(x) \(Self.bottom)v5"/><text x="\(x + 3)" y="\(Self.bottom + 17)">\(name)</text>
                """
        }
        return months
    }

    static let monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private var overdueBar: Markup {
        let height = height(of: overdue)
        var query = CertificateQuery()
        query.within = 0
        let path = PageAddress.certificates(query).relativePath
        let label = words(CountPhrase.beforeToday(overdue))
        return """
            <a href="\(path)" aria-label="\(label)"><title>\(label)</title><rect class="hit" x="\(Self.left - 14)" y="\(
                Self.top)" width="12" height="\(Self.bottom - Self.top)"/><rect class="bar-overdue" x="\(
                Self.left - 13)" y="\(Self.bottom - height)" width="10" height="\(height)"/></a>
            """
    }

    private func bar(_ week: ExpiryCounts.Week, _ index: Int) -> Markup {
        let (start, end) = (x(atDay: index * 7), x(atDay: index * 7 + 7))
        let first = counts.beginning + .days(Int64(index * 7))
        let label = words(CountPhrase.week(of: first.date, week.total))
        var query = CertificateQuery()
        // The week begins at the hour of the page; its address has whole days.
        (query.from, query.until) = (first.startOfDay, (first + .days(8)).startOfDay)
        let path = PageAddress.certificates(query).relativePath
        var bar: Markup = """
            <a href="\(path)" aria-label="\(label)"><title>\(label)</title><rect class="hit" x="\(start)" y="\(
                Self.top)" width="\(end - start)" height="\(Self.bottom - Self.top)"/>
            """
        var y = Self.bottom
        for kind in ExpiryCounts.Kind.allCases {
            let height = height(of: week.counts[kind] ?? 0)
            guard height > 0 else { continue }
            y -= height
            bar +=
                "<rect class=\"\(kind.barClass)\" x=\"\(start + 2)\" y=\"\(y)\" width=\"\(end - start - 4)\" height=\"\(height)\"/>"
        }
        bar += "</a>"
        return bar
    }

    private func flag(_ authority: ExpiryCounts.NamedEnd) -> Markup {
        let x = x(atDay: Int((authority.end - counts.beginning).wholeDays))
        let label = words(CountPhrase.authorityEnds(name: String(authority.name.prefix(200)), on: authority.end.date))
        let path = PageAddress.certificate(authority.fingerprint).relativePath
        return """
            <a href="\(path)" aria-label="\(label)"><title>\(label)</title><rect class="hit" x="\(x - 5)" y="8" width="22" \
            height="30"/><path class="pole" d="M\(x) 12V\(Self.bottom)"/><path class="flag" d="M\(x) 12h14l-4 6 4 6h-14z"/></a>
            """
    }
}

extension ExpiryCounts.Kind {
    /// The class of its bars in the style sheet.
    var barClass: String {
        switch self {
        case .authority: "bar-authority"
        case .certificate: "bar-leaf"
        case .revocationList: "bar-list"
        }
    }
}

extension Instant {
    /// The first second of the day in UTC.
    var startOfDay: Instant { self - TimeSpan(seconds: ((seconds % 86_400) + 86_400) % 86_400) }
}
