import Certificates
import ExpiryRules
import LedgerStorage

/// The series of certificates and revocation lists, and their counts by role and state.
struct ObjectMetrics {
    /// Certificates of one role in one state.
    private struct CountKey: Hashable {
        let role: String
        let state: CertificateState
    }

    private let plan: WatchPlan
    private let now: Instant
    /// Only the ends that come before the object's own.
    private var earlyEnds: [Fingerprint: Instant] = [:]
    private var counts: [CountKey: Int64] = [:]

    private var notAfter = MetricFamily(
        "x509_cert_not_after", help: "The certificate's notAfter, in seconds since 1970.")
    private var notBefore = MetricFamily(
        "x509_cert_not_before", help: "The certificate's notBefore, in seconds since 1970.")
    private var expired = MetricFamily("x509_cert_expired", help: "Whether the certificate has expired.")
    private var effective = MetricFamily(
        "notafter_effective_expiry_timestamp_seconds",
        help: "When the certificate or list stops working: with its own end, or that of a CA or list that it needs.")
    private var nextUpdate = MetricFamily(
        "x509_crl_next_update", help: "The revocation list's nextUpdate, in seconds since 1970.")
    private var thisUpdate = MetricFamily(
        "x509_crl_this_update", help: "The revocation list's thisUpdate, in seconds since 1970.")
    private var number = MetricFamily("x509_crl_number", help: "The revocation list's CRL number.")
    private var stale = MetricFamily("x509_crl_stale", help: "Whether the revocation list's nextUpdate has passed.")

    /// - Parameters:
    ///   - plan: the registrations.
    ///   - now: the time for which states are computed.
    init(plan: WatchPlan, at now: Instant) {
        self.plan = plan
        self.now = now
    }

    /// Counts a certificate or list. All are counted before the first one gets series of its own.
    mutating func count(_ watched: WatchedStanding) {
        let (standing, validity) = (watched.standing, watched.validity)
        let ladder = plan.ladder(for: watched.kind, validity, watchedBy: standing.watchers)
        let key = CountKey(
            role: role(of: watched.kind, registration: watched.registration),
            state: standing.state(of: validity, on: ladder, at: now))
        counts[key, default: 0] += 1
        if let early = standing.earlyEnd(of: validity) { earlyEnds[watched.fingerprint] = early.expiry }
    }

    /// Adds the series of a certificate or list at one of its places.
    mutating func add(_ item: WatchedItem) {
        var labels = LabelSet(
            CertificateLabels.labels(
                of: item.object, at: item.location, registration: item.registration,
                role: role(of: item.object.kind, registration: item.registration)))
        // Distinguishes two certificates with the same name and serial number in one file.
        if !addOwnEnd(of: item.object, labels) {
            let digits = String(item.object.fingerprint.description.prefix(12))
            labels = labels.adding(.init("discriminator", digits))
            guard addOwnEnd(of: item.object, labels) else { return }
        }
        if let early = earlyEnds[item.object.fingerprint] {
            effective.add(early.seconds, labels)
        } else if case .at(let end) = item.object.validity.expiry {
            effective.add(end.seconds, labels)
        }
    }

    /// Counts each certificate and list once, whatever the number of its places.
    var countFamily: MetricFamily {
        var family = MetricFamily(
            "notafter_certificates", help: "Certificates and revocation lists, by role and state.")
        let inOrder = counts.sorted { ($0.key.role, $0.key.state.rawValue) < ($1.key.role, $1.key.state.rawValue) }
        for (key, count) in inOrder {
            family.add(count, [.init("role", key.role), .init("state", key.state.rawValue)])
        }
        return family
    }

    /// The series of single certificates and lists.
    var seriesFamilies: [MetricFamily] {
        [notAfter, notBefore, expired, effective, nextUpdate, thisUpdate, number, stale]
    }

    /// - Returns: false when another object has these labels.
    private mutating func addOwnEnd(of object: WatchedObject, _ labels: LabelSet) -> Bool {
        switch object {
        case .certificate(let certificate):
            guard case .at(let end) = certificate.validity.expiry else {
                // A certificate that never ends has no date, and has not expired.
                return expired.add(Int64(0), labels)
            }
            guard notAfter.add(end.seconds, labels) else { return false }
            if let beginning = certificate.validity.notBefore { notBefore.add(beginning.seconds, labels) }
            return expired.add(Int64(end < now ? 1 : 0), labels)
        case .revocationList(let list):
            guard let issued = list.thisUpdate else { return true }
            guard thisUpdate.add(issued.seconds, labels) else { return false }
            if let value = list.number.flatMap({ Double($0.decimal) }) { number.add(value, labels) }
            guard let next = list.nextUpdate else { return true }
            nextUpdate.add(next.seconds, labels)
            return stale.add(Int64(next < now ? 1 : 0), labels)
        }
    }

    private func role(of kind: WatchedObject.Kind, registration: String) -> String {
        switch kind {
        case .certificate: plan.registration(named: registration)?.role.rawValue ?? "unregistered"
        case .revocationList: Role.revocationList.rawValue
        }
    }
}
