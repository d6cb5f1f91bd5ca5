import Certificates
import ExpiryRules
import Monitor
import Verification

/// Evaluates what `check` finds at the places that the command line names.
///
/// Each certificate is verified when it is read, and kept only if it is listed. Of the others, 8 bytes are kept to find
/// duplicate serial numbers, and 8 bytes of each place to count each once. A second pass is needed for duplicates, and for revocation lists, which are verified with
/// the CAs and certificates beside them.
struct CheckedTargets {
    /// What to keep for the output.
    enum Output {
        /// A line for each object that the selection takes.
        case lines(CheckReport.Selection)
        /// All objects, for JSON and filters.
        case objects
    }

    private struct List {
        let encoded: EncodedObject
        var locations: [Location]
    }

    /// A placeholder for a registration. Its role is not used.
    private static let commandLine = Registration(name: "check", role: .client)

    private let limits: CheckedPlaces.Limits
    private let now: Instant
    private let ignored: Set<FindingCode>
    private let output: Output
    private let filter: CertificateFilter
    private let order: ListingOrder
    private let registration: Registration
    private let plan: WatchPlan
    private let verifier: RegistrationVerifier
    private let standing: ObjectStanding

    private var report: CheckReport
    private var objects: [WatchedStatus] = []
    private var flaws = FlawTally()
    /// Certificates with a flaw, each of which counts once.
    private var flawed: Set<UInt128> = []
    private var serialNumbers = SerialNumberIndex()
    private var lists: [Fingerprint: List] = [:]
    /// In the order in which they were read.
    private var listOrder: [Fingerprint] = []

    // State of the second pass.
    private var duplicates: SerialNumberIndex.Duplicates?
    private var holders: [Certificate] = []
    private var holderLocations: [Fingerprint: [Location]] = [:]
    private var authorities: [Fingerprint: EncodedObject] = [:]
    private var issued: [String: [Certificate]] = [:]

    /// A `filter` needs all that it selects to be kept as `objects`.
    ///
    /// - Throws: `OpenSSLError` where memory is short.
    init(
        limits: CheckedPlaces.Limits, at now: Instant, ignoring codes: Set<FindingCode>, keeping output: Output,
        filter: CertificateFilter = CertificateFilter(), sortedBy order: ListingOrder = .expiry
    ) throws {
        self.limits = limits
        self.now = now
        self.output = output
        self.filter = filter
        self.order = order
        ignored = codes
        registration = Self.commandLine.alerted(limits.times)
        plan = WatchPlan(registrations: [registration], route: Route(receivers: []))
        verifier = try RegistrationVerifier(registration, expecting: CertificateExpectations())
        var standing = ObjectStanding()
        standing.add(watcher: registration.name, authority: nil, revocationList: nil)
        self.standing = standing
        report = CheckReport(
            summary: ListingSummary(), table: CertificateTable(sortedBy: order), defects: [], findings: [],
            ignored: codes)
    }

    /// Adds an object or defect of a place.
    ///
    /// - Throws: `OpenSSLError` when memory is short.
    mutating func add(_ finding: Search.Item) throws {
        switch finding {
        case .defect(let path, let defect):
            report.defects.append(DefectObject(path: path.description, defect))
        case .object(let object, let der, let location):
            let encoded = EncodedObject(object: object, der: der, position: location.index)
            guard let certificate = object.certificate else { return keep(encoded, at: location) }
            serialNumbers.insert(certificate)
            take(object, at: location, flaws: try verifier.verdict(on: encoded, at: now).flaws)
        }
    }

    private mutating func keep(_ list: EncodedObject, at location: Location) {
        let fingerprint = list.object.fingerprint
        if lists[fingerprint] == nil {
            lists[fingerprint] = List(encoded: list, locations: [])
            listOrder.append(fingerprint)
        }
        lists[fingerprint]?.locations.append(location)
    }

    private mutating func take(_ object: WatchedObject, at location: Location, flaws findings: [CertificateFinding]) {
        if findings.isEmpty, isPassedOver(object) {
            report.summary.count(object, in: .ok, ending: object.validity.notAfter)
            return
        }
        let status = status(of: object, at: location, findings)
        report.summary.count(object, in: status.state, ending: status.effectiveExpiry)
        if !findings.isEmpty, flawed.insert(object.fingerprint.half).inserted {
            for finding in findings { count(finding, of: object, at: location) }
        }
        show(status)
    }

    /// Whether a certificate without findings needs no line, because none of its stages has begun. That is so for
    /// nearly all, and nothing else is computed for them.
    private func isPassedOver(_ object: WatchedObject) -> Bool {
        guard case .lines(.notOK) = output, case .certificate(let certificate) = object else { return false }
        let validity = certificate.validity
        if let notBefore = validity.notBefore, now < notBefore { return false }
        guard case .at(let expiry) = validity.expiry else { return validity.expiry == .never }
        let spans = [limits.warning, limits.critical].compactMap { $0.span(in: validity) }
        let stages = spans.map { Stage.before($0) } + [.expired]
        return stages.allSatisfy { now < $0.beginning(for: expiry) }
    }

    private mutating func count(_ finding: CertificateFinding, of object: WatchedObject, at location: Location) {
        flaws.add(
            finding.code,
            FlawBearer(name: object.name, place: location.description, flaws: finding.flaws))
    }

    private mutating func show(_ status: WatchedStatus) {
        switch output {
        case .objects: objects.append(status)
        case .lines(let selection):
            guard selection.takes(status) else { return }
            report.listedCount += 1
            report.table.add(status)
        }
    }

    /// Limits apply only to certificates, because a revocation list may live only hours.
    private func status(
        of object: WatchedObject, at location: Location, _ findings: [CertificateFinding]
    ) -> WatchedStatus {
        let yardstick: WatchedStatus.Yardstick =
            switch object.kind {
            case .certificate: .limits(warning: limits.warning, critical: limits.critical)
            case .revocationList:
                .ladder(plan.ladder(for: .revocationList, object.validity, watchedBy: standing.watchers))
            }
        var status = WatchedStatus(
            object, at: location, registration: nil, standing: standing, by: yardstick, findings: findings, now: now)
        status.ignored = ignored
        return status
    }
}

extension CheckedTargets {
    /// Ends the first pass.
    ///
    /// - Returns: whether a second pass is needed.
    mutating func needsSecondReading() -> Bool {
        let found = serialNumbers.duplicates()
        serialNumbers = SerialNumberIndex()
        duplicates = found
        return !found.isEmpty || !lists.isEmpty
    }

    /// Adds an object or defect in the second pass. Objects that are new since the first pass are left to the next run.
    mutating func addAgain(_ finding: Search.Item) {
        guard case .object(.certificate(let certificate), let der, let location) = finding else { return }
        let fingerprint = certificate.fingerprint
        if duplicates?.concern(certificate) == true {
            if holderLocations[fingerprint] == nil { holders.append(certificate) }
            holderLocations[fingerprint, default: []].append(location)
        }
        guard !lists.isEmpty, authorities[fingerprint] == nil else { return }
        if certificate.isCA {
            authorities[fingerprint] = EncodedObject(
                object: .certificate(certificate), der: der, position: location.index)
        }
        if lists.values.contains(where: { $0.encoded.object.revocationList?.issuer == certificate.issuer }) {
            issued[certificate.issuer, default: []].append(certificate)
        }
    }

    /// Evaluates what needed the second pass.
    ///
    /// - Throws: `OpenSSLError` when memory is short.
    private mutating func conclude() throws {
        let found = DuplicateSerialNumbers.findings(in: holders)
        for holder in holders { found[holder.fingerprint].map { mark(holder, with: $0) } }
        objects = objects.map { status in found[status.object.fingerprint].map(status.adding) ?? status }
        let evidence = VerificationEvidence(
            listAuthorities: authorities.values.sorted { $0.object.fingerprint < $1.object.fingerprint })
        let listVerifier = try RegistrationVerifier(registration, expecting: CertificateExpectations(), by: evidence)
        for list in listOrder.compactMap({ lists[$0] }) {
            let verdict = try listVerifier.verdict(on: list.encoded, revoking: issued, at: now)
            for location in list.locations { take(list.encoded.object, at: location, flaws: verdict.flaws) }
        }
        if !filter.isEmpty { countFlaws(of: objects.filter { filter.takes($0.item) }) }
        let findings = flaws.findings(in: registration.name) { code in
            code == .thresholdTooWide ? "Ask for a share, such as -w 33% -c 10%." : nil
        }
        report.findings = findings.map { StandingFinding($0, ignoring: ignored) }
        report.summary.findings = report.findings.count { $0.ignored != true }
        report.summary.defects = report.defects.count
    }

    /// Counts the findings of what a filter selects, and no others.
    private mutating func countFlaws(of selected: [WatchedStatus]) {
        flaws = FlawTally()
        var counted: Set<Fingerprint> = []
        for status in selected where counted.insert(status.object.fingerprint).inserted {
            for finding in status.findings { count(finding, of: status.object, at: status.location) }
        }
    }

    /// Adds a finding that needed the second pass.
    private mutating func mark(_ holder: Certificate, with finding: CertificateFinding) {
        let object = WatchedObject.certificate(holder)
        let locations = holderLocations[holder.fingerprint] ?? []
        if let first = locations.first { count(finding, of: object, at: first) }
        guard case .lines = output else { return }
        let severity = ignored.contains(finding.code) ? Severity.info : finding.severity
        if let states = report.table.add(finding.code, counting: severity, to: holder.fingerprint) {
            report.summary.move(object, from: states.before, to: states.after, places: locations.count)
            return
        }
        for location in locations {
            let marked = status(of: object, at: location, [finding])
            report.summary.move(
                object, from: status(of: object, at: location, []).state, to: marked.state, places: 1)
            show(marked)
        }
    }

    /// The report for people and monitoring systems.
    ///
    /// - Throws: `OpenSSLError` when memory is short.
    mutating func concludedReport() throws -> CheckReport {
        try conclude()
        return report
    }

    /// The listing for programs. It requires that all objects were kept.
    ///
    /// - Throws: `OpenSSLError` when memory is short.
    mutating func concludedListing() throws -> CertificateListing {
        try conclude()
        return CertificateListing(
            objects, selectedBy: filter, defects: report.defects, findings: report.findings, ignoring: ignored,
            sortedBy: order)
    }
}
