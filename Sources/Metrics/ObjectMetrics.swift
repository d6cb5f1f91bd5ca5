import Certificates
import ExpiryRules
import LedgerStorage

/// The series of certificates and revocation lists, and their counts by role and state.
struct ObjectMetrics {
    private let items: [WatchedItem]
    private let plan: WatchPlan
    private let now: Instant
    private let standings: [Fingerprint: ObjectStanding]

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
    private var stale = MetricFamily("x509_crl_stale", help: "Whether the revocation list's nextUpdate has passed.")
    private var omitted = MetricFamily(
        "notafter_metrics_omitted_objects",
        help: "Certificates and lists without series of their own, because there are too many.")

    /// - Parameters:
    ///   - items: the watched items, beginning with the one that ends first.
    ///   - plan: the registrations.
    ///   - now: the time for which states are computed.
    init(_ items: [WatchedItem], plan: WatchPlan, at now: Instant) {
        self.items = items
        self.plan = plan
        self.now = now
        var standings: [Fingerprint: ObjectStanding] = [:]
        for item in items where item.isNeeded {
            standings[item.object.fingerprint, default: ObjectStanding()].add(
                watcher: item.registration, authority: item.earlyEnd, revocationList: item.revocationList)
        }
        self.standings = standings
    }

    // `limit` is the number of places with their own series.
    func families(atMost limit: Int) -> [MetricFamily] {
        var metrics = self
        for item in items.prefix(limit) { metrics.add(item) }
        metrics.omitted.add(Int64(max(0, items.count - limit)))
        return [
            metrics.counts, metrics.notAfter, metrics.notBefore, metrics.expired, metrics.effective,
            metrics.nextUpdate, metrics.thisUpdate, metrics.stale, metrics.omitted,
        ]
    }

    /// Counts each certificate and list once, whatever the number of its places.
    private var counts: MetricFamily {
        var family = MetricFamily(
            "notafter_certificates", help: "Certificates and revocation lists, by role and state.")
        var counted: Set<Fingerprint> = []
        var counts: [[String]: Int64] = [:]
        for item in items where counted.insert(item.object.fingerprint).inserted {
            counts[[role(of: item), state(of: item.object).rawValue], default: 0] += 1
        }
        for (key, count) in counts.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            family.add(count, [.init("role", key[0]), .init("state", key[1])])
        }
        return family
    }

    private mutating func add(_ item: WatchedItem) {
        var labels = CertificateLabels.labels(
            of: item.object, at: item.location, registration: item.registration, role: role(of: item))
        // Distinguishes two certificates with the same name and serial number in one file.
        if !addOwnEnd(of: item.object, labels) {
            labels.append(.init("discriminator", String(item.object.fingerprint.description.prefix(12))))
            guard addOwnEnd(of: item.object, labels) else { return }
        }
        let validity = item.object.validity
        if let early = standing(of: item.object).earlyEnd(of: validity) {
            effective.add(early.expiry.seconds, labels)
        } else if case .at(let end) = validity.expiry {
            effective.add(end.seconds, labels)
        }
    }

    /// - Returns: false when another object has these labels.
    private mutating func addOwnEnd(of object: WatchedObject, _ labels: [MetricFamily.Label]) -> Bool {
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
            guard let next = list.nextUpdate else { return true }
            nextUpdate.add(next.seconds, labels)
            return stale.add(Int64(next < now ? 1 : 0), labels)
        }
    }

    private func role(of item: WatchedItem) -> String {
        item.object.revocationList == nil
            ? plan.registration(named: item.registration)?.role.rawValue ?? "unregistered"
            : Role.revocationList.rawValue
    }

    private func standing(of object: WatchedObject) -> ObjectStanding {
        standings[object.fingerprint] ?? ObjectStanding()
    }

    private func state(of object: WatchedObject) -> CertificateState {
        let standing = standing(of: object)
        let ladder = plan.ladder(for: object.kind, object.validity, watchedBy: standing.watchers)
        return standing.state(of: object.validity, on: ladder, at: now)
    }
}
