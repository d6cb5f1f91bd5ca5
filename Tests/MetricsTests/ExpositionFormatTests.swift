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

    @Test(
        arguments: [
            // Both are written as the replacement character.
            ([.init("cn", "a\u{1}")], [.init("cn", "a\u{2}")]),
            // Prometheus takes an empty label for a missing one.
            ([.init("cn", ""), .init("o", "x")], [.init("o", "x")]), ([.init("cn", "")], []),
            // What is cut is the same.
            ([.init("cn", String(repeating: "a", count: 1_025))], [.init("cn", String(repeating: "a", count: 1_026))]),
        ] as [([MetricFamily.Label], [MetricFamily.Label])])
    func `labels that are written alike are the same labels`(first: [MetricFamily.Label], second: [MetricFamily.Label])
    {
        var family = family(1, first)
        let isAdded = family.add(2.0, second)
        #expect(!isAdded)
        #expect(ExpositionFormat.prometheus.text(of: [family]).split(separator: "\n").count == 3)
    }

    @Test func `a histogram has cumulative buckets, the sum and the count`() {
        var histogram = Histogram(bounds: [1, 60, 0.5 * 7_201])
        for value in [0, 1, 1.5, 60, 100_000] { histogram.observe(value) }
        var family = MetricFamily("notafter_lateness_seconds", .histogram, help: "Late.")
        family.add(histogram)
        let text = """
            # HELP notafter_lateness_seconds Late.
            # TYPE notafter_lateness_seconds histogram
            notafter_lateness_seconds_bucket{le="1.0"} 2
            notafter_lateness_seconds_bucket{le="60.0"} 4
            notafter_lateness_seconds_bucket{le="3600.5"} 4
            notafter_lateness_seconds_bucket{le="+Inf"} 5
            notafter_lateness_seconds_sum 100062.5
            notafter_lateness_seconds_count 5

            """
        #expect(ExpositionFormat.prometheus.text(of: [family]) == text)
        #expect(ExpositionFormat.openMetrics.text(of: [family]) == text + "# EOF\n")
    }

    @Test func `many series are written in pieces that end with a line, and lose nothing`() {
        var large = MetricFamily("large", help: "Many.")
        for index in 0..<20_000 { large.add(Int64(index), [.init("index", "\(index)")]) }
        let pieces = Array(ExpositionText([family(1), large, family(2)], in: .openMetrics))
        #expect(pieces.count > 5)
        #expect(pieces.allSatisfy { $0.hasSuffix("\n") && $0.utf8.count < 70_000 })
        let lines = pieces.joined().split(separator: "\n")
        #expect(lines.count == 2 * 3 + 20_002 + 1)
        #expect(lines.count { $0.hasPrefix("# TYPE") } == 3)
        #expect(lines.last == "# EOF")
    }

    @Test(
        arguments: [
            ("", .prometheus), ("*/*", .prometheus), ("text/plain", .prometheus), ("text/html", .prometheus),
            ("application/openmetrics-text", .openMetrics),
            ("application/openmetrics-text; version=1.0.0; charset=utf-8", .openMetrics),
            ("application/openmetrics-text;version=\"1.0.0\"", .openMetrics),
            ("APPLICATION/OpenMetrics-Text ;Q=0.3 , text/plain;q=0.2", .openMetrics),
            ("application/openmetrics-text;version=2.0.0", .prometheus),
            ("application/openmetrics-text;q=0.2,text/plain;q=0.8", .prometheus),
            ("application/openmetrics-text;q=0", .prometheus), (",;,q=,;;", .prometheus),
            // Prometheus 2 and 3
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                    + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .openMetrics
            ),
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                    + "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;q=0.4,*/*;q=0.2",
                .openMetrics
            ),
        ] as [(String, ExpositionFormat)])
    func `the client's preferred format is taken`(accept: String, format: ExpositionFormat) {
        #expect(ExpositionFormat(accept: accept) == format)
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
