import Metrics
import Testing

struct ExpositionFormatTests {
    private func family(_ value: Double, _ labels: [MetricFamily.Label] = []) -> MetricFamily {
        var family = MetricFamily("x509_cert_not_after", help: "When it ends.")
        family.add(value, labels)
        return family
    }

    @Test func `a family has help, type and samples, and one without samples is left out`() {
        let text = ExpositionFormat.prometheus.text(of: [
            family(1_800_000_000, [.init("role", "ca")]), MetricFamily("empty", help: "None."),
        ])
        #expect(
            text == """
                # HELP x509_cert_not_after When it ends.
                # TYPE x509_cert_not_after gauge
                x509_cert_not_after{role="ca"} 1800000000

                """)
    }

    @Test func `OpenMetrics names a counter's family without its suffix and ends with EOF`() {
        var counter = MetricFamily("notafter_notices_total", .counter, help: "Decided.")
        counter.add(Int64(3))
        #expect(
            ExpositionFormat.openMetrics.text(of: [counter]) == """
                # HELP notafter_notices Decided.
                # TYPE notafter_notices counter
                notafter_notices_total 3
                # EOF

                """)
    }

    @Test(
        arguments: [
            (#"a"b"#, #"a\"b"#), (#"a\b"#, #"a\\b"#), ("a\nb", #"a\nb"#), ("a\rb", "a\u{FFFD}b"),
            ("a\u{0}b\u{1B}[31m", "a\u{FFFD}b\u{FFFD}[31m"), ("日本", "日本"), ("a}b{c,d=e", "a}b{c,d=e"),
        ])
    func `hostile text stays inside its label`(value: String, written: String) {
        for format in ExpositionFormat.allCases {
            let lines = format.text(of: [family(1, [.init("subject_CN", value)])]).split(separator: "\n")
            #expect(lines.contains("x509_cert_not_after{subject_CN=\"\(written)\"} 1"), "\(lines)")
        }
    }

    @Test func `a second sample with the same labels is refused`() {
        var family = family(1, [.init("a", "b")])
        let isAdded = family.add(2.0, [.init("a", "b")])
        #expect(!isAdded)
        #expect(family.samples.map(\.value) == [1])
    }

    @Test(arguments: [(0.25, "0.25"), (3, "3"), (-1, "-1"), (1e15, "1000000000000000")] as [(Double, String)])
    func `whole numbers have no fraction`(value: Double, written: String) {
        #expect(ExpositionFormat.prometheus.text(of: [family(value)]).hasSuffix(" \(written)\n"))
    }
}
