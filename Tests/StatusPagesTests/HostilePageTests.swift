import Certificates
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

@testable import StatusPages

/// Text from certificates, endpoints and receivers is only text on every page.
struct HostilePageTests {
    static let texts = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'onmouseover='alert(1)", "&lt;b&gt;&amp;",
        // A quotation mark with a combining mark is one Character, and still ends an attribute.
        "\"\u{301} onfocus=alert(1) x=\"\u{301}", "<\u{338}b>", "a\u{0}b", "a\r\nb\tc\u{1B}[2J",
        "\u{202E}gpj.exe", "\u{2066}x\u{2069}\u{200F}", "\u{FEFF}\u{200B}\u{2028}\u{85}", "]]><!--", "{{title}}{{{x}}}",
        "[[Overview]]", "../../etc", "%2e%2e%2f?x=1#y", "javascript:alert(1)", String(repeating: "n", count: 600),
    ]

    /// What no page may contain, besides what it contains for harmless text.
    private func expectHarmless(_ page: RenderedPage, _ what: String) {
        let hostile = page.body.unicodeScalars.filter { $0 != "\n" && $0.isHostile }
        #expect(hostile.isEmpty, "\(what): \(hostile.map { String($0.value, radix: 16) })")
        for forbidden in ["<script", "<img", "<b>no", "<!--"] {
            #expect(!page.body.contains(forbidden), "\(what): \(forbidden)")
        }
        // Within tags, every attribute is one of ours.
        for tag in page.body.matches(of: /<[a-z][^<>]*>/) {
            let names = tag.output.matches(of: /\s([a-zA-Z-]+)=\"[^\"]*\"/).map { String($0.1) }
            #expect(!names.contains { $0.hasPrefix("on") || $0 == "style" }, "\(what): \(tag.output)")
        }
    }

    @Test(arguments: texts)
    func `hostile text is harmless on every page`(text: String) async throws {
        let sample = try await SiteSample(owner: text, labels: ["team": text])
        let leaf = sample.certificate(2, daysLeft: 10, subject: "CN=" + text, alternativeNames: ["DNS:" + text])
        try await sample.see([leaf], named: "leaf")
        try await sample.see([sample.certificate(1, daysLeft: 60, isCA: true, subject: text)], of: "root-ca")
        try await sample.probe("refused_ours", name: text, isGood: false, message: text)
        try await sample.deliver(.rejected, detail: text)
        let silence = SilenceTerms(
            matchers: try NoticeMatchers(parsing: ["registration=fleet"]), author: text, reason: text,
            endsAt: sample.time.now + .days(3))
        _ = try await sample.ledger.addSilence(silence, plan: sample.plan, at: sample.time.now)
        let encoded = PageQuery.encoded(text)
        let pages = [
            ("/", nil), ("/certificates", nil), ("/certificates", "text=\(encoded)&owner=\(encoded)&state=\(encoded)"),
            ("/certificates/\(leaf.fingerprint)", nil), ("/endpoints", nil), ("/endpoints/\(encoded)", nil),
            ("/deliveries", nil), ("/silences", nil), ("/health", nil), ("/\(encoded)", nil),
        ]
        for language in Language.allCases {
            for (path, query) in pages {
                expectHarmless(
                    try await sample.page(path, query: query, language: language),
                    "\(path.prefix(40)) \(query?.prefix(40) ?? "")")
            }
        }
        #expect(try await sample.page("/endpoints/\(encoded)").status == 200)
    }

    @Test func `what was hidden is shown in its escapes`() {
        #expect(Markup.escaped("a\u{0}\u{202E}<\"'&>") == "a\\u{0}\\u{202E}&lt;&quot;&#39;&amp;&gt;")
        #expect(Markup.escaped("\"\u{301}") == "&quot;\u{301}")
    }
}
