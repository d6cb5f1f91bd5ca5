import Certificates
import ExpiryRules
import LedgerStorage

/// The contents of the ledger as metrics, the same for a scrape and for node_exporter's textfile collector.
package struct LedgerMetrics: Sendable {
    /// The selection of series.
    package struct Settings: Hashable, Sendable {
        /// The number of places of certificates and lists with their own series. Those that end first are selected.
        package var mostObjects: Int
        /// The version of notafter.
        package var version: String

        package init(mostObjects: Int = 10_000, version: String) {
            self.mostObjects = mostObjects
            self.version = version
        }
    }

    private let settings: Settings
    private let plan: WatchPlan
    private let now: Instant

    /// - Parameters:
    ///   - settings: the selection of series.
    ///   - plan: the registrations.
    ///   - now: the time for which states are computed.
    package init(_ settings: Settings, plan: WatchPlan, at now: Instant) {
        self.settings = settings
        self.plan = plan
        self.now = now
    }

    /// Reads the ledger at one moment.
    ///
    /// - Returns: families in a fixed order, some of them without samples.
    /// - Throws: `LedgerError`.
    package func families(of ledger: Ledger) async throws -> [MetricFamily] {
        try await ledger.snapshot { try families(of: $0) }
    }

    /// The same, of a moment that is being read.
    package func families(of snapshot: LedgerSnapshot) throws -> [MetricFamily] {
        let facts = try snapshot.operationalFacts(at: now)
        return try objects(in: snapshot) + troubles(in: snapshot)
            + endpoints(facts, presented: snapshot.presentedExpiries()) + outbox(facts) + itself(facts)
    }

    private func objects(in snapshot: LedgerSnapshot) throws -> [MetricFamily] {
        var metrics = ObjectMetrics(plan: plan, at: now)
        try snapshot.forEachStanding { metrics.count($0) }
        if settings.mostObjects > 0 {
            try snapshot.forEachWatched(soonest: settings.mostObjects) { metrics.add($0) }
        }
        var budget = MetricFamily(
            "notafter_metrics_object_budget",
            help: "How many certificates and lists, at each of their places, may have series of their own.")
        budget.add(Int64(settings.mostObjects))
        var omitted = MetricFamily(
            "notafter_metrics_omitted_objects",
            help: "Certificates and lists without series of their own, because there are too many.")
        omitted.add(Int64(max(0, try snapshot.placeCount() - settings.mostObjects)))
        return [metrics.countFamily] + metrics.seriesFamilies + [budget, omitted]
    }

    private func troubles(in snapshot: LedgerSnapshot) throws -> [MetricFamily] {
        var findings = MetricFamily("notafter_findings", help: "Findings that are true now, by code and severity.")
        try snapshot.forEachFindingKind { code, severity, count in
            findings.add(Int64(count), [.init("code", code.rawValue), .init("severity", severity.rawValue)])
        }
        var errors = MetricFamily(
            "x509_read_errors", help: "Files and places that could not be read at the last pass, or not in full.")
        errors.add(Int64(try snapshot.defectCount()))
        return [findings, errors]
    }

    private func endpoints(_ facts: OperationalFacts, presented: [String: Instant]) -> [MetricFamily] {
        var success = MetricFamily(
            "probe_success",
            help: "Whether the endpoint accepted our certificate in the last probes, and refused a client without one.")
        var verdict = MetricFamily(
            "notafter_endpoint_verdict_info", help: "The verdict of the last probes of the endpoint.")
        var probedAt = MetricFamily(
            "notafter_endpoint_last_probe_timestamp_seconds", help: "When the endpoint was probed last.")
        var duration = MetricFamily(
            "probe_duration_seconds", help: "How long the last probe with the client certificate took.")
        var earliest = MetricFamily(
            "probe_ssl_earliest_cert_expiry",
            help: "The earliest notAfter in the chain that the endpoint presented last, in seconds since 1970.")
        for endpoint in facts.endpoints {
            let labels = LabelSet([.init("endpoint", endpoint.name), .init("target", endpoint.url)])
            success.add(Int64(endpoint.isGood ? 1 : 0), labels)
            verdict.add(Int64(1), labels.adding(.init("verdict", endpoint.verdict)))
            probedAt.add(endpoint.probedAt.seconds, labels)
            if let milliseconds = endpoint.milliseconds { duration.add(Double(milliseconds) / 1_000, labels) }
            if let end = presented[endpoint.name] { earliest.add(end.seconds, labels) }
        }
        return [success, verdict, duration, earliest, probedAt]
    }

    private func outbox(_ facts: OperationalFacts) -> [MetricFamily] {
        var pending = MetricFamily("notafter_outbox_pending", help: "Deliveries that are not settled, by receiver.")
        var oldest = MetricFamily(
            "notafter_outbox_oldest_age_seconds",
            help: "The age of the oldest delivery that is not settled, by receiver.")
        var gate = MetricFamily(
            "notafter_receiver_gate_closed", help: "Whether sending to the receiver is paused after failures.")
        var taken = MetricFamily(
            "notafter_receiver_last_delivery_timestamp_seconds", help: "When the receiver last accepted a message.")
        for receiver in facts.receivers {
            let labels = LabelSet([.init("receiver", receiver.name)])
            pending.add(Int64(receiver.pending), labels)
            oldest.add(receiver.oldest.map { max(0, (now - $0).seconds) } ?? 0, labels)
            gate.add(Int64(receiver.isClosed ? 1 : 0), labels)
            if let instant = receiver.takenAt { taken.add(instant.seconds, labels) }
        }
        return [pending, oldest, gate, taken]
    }

    private func itself(_ facts: OperationalFacts) -> [MetricFamily] {
        var lastPass = MetricFamily(
            "notafter_last_pass_timestamp_seconds", help: "When the last complete pass began.")
        var lastGoodPass = MetricFamily(
            "notafter_last_good_pass_timestamp_seconds",
            help: "When the last good pass began, in which everything could be read and delivered.")
        var duration = MetricFamily("notafter_pass_duration_seconds", help: "How long the last pass took.")
        var build = MetricFamily("notafter_build_info", help: "The version of notafter.")
        if let pass = facts.lastPass {
            lastPass.add(pass.startedAt.seconds)
            duration.add((pass.finishedAt - pass.startedAt).seconds)
        }
        if let instant = facts.lastGoodPass { lastGoodPass.add(instant.seconds) }
        build.add(Int64(1), [.init("version", settings.version)])
        return [lastPass, lastGoodPass, duration, build]
    }
}
