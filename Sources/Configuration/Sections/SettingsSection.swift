import Certificates
import Delivery
import ExpiryRules
import SourceReading
import Messages
import TransportSecurity

/// The top level of the file.
enum SettingsSection {
    enum Key: String, CaseIterable {
        case state, interval
        case deliverFor = "deliver_for"
        case language, defaults, certificates
        case revocationLists = "revocation_lists"
        case endpoints, observed, receivers
        case receiverGroups = "receiver_groups"
        case route, summary, heartbeat, listen, metrics
    }

    /// With more than a day between passes, a notice of a stage could be more than a day late.
    private static let intervals = TimeSpan(seconds: 1)...TimeSpan.days(1)

    /// The systemd unit limits a pass to half an hour.
    private static let deliverySpans = TimeSpan(seconds: 0)...TimeSpan(seconds: 1_200)

    /// Reads the whole file even if parts of it are invalid. The result counts only if no problem was reported.
    static func read(_ cursor: Cursor) -> Settings? {
        guard let section = Section<Key>(cursor) else { return nil }
        let listen = section[.listen].flatMap(ListenSection.read)
        let series = section[.metrics].flatMap(MetricsSection.read)
        guard var settings = readAllElse(section, of: cursor, listener: listen?.tls) else { return nil }
        settings.listen = listen
        if let series { settings.certificateSeries = series }
        return settings
    }

    private static func readAllElse(
        _ section: Section<Key>, of cursor: Cursor, listener: ServerTLSFiles?
    ) -> Settings? {
        let stateFile = section[.state].map(readStateFile) ?? cursor.reading.base.absolute("notafter.db")
        let interval = section[.interval].map { $0.span(within: intervals) } ?? Settings.defaultInterval
        let deliverFor =
            section[.deliverFor].map { $0.span(within: deliverySpans) } ?? Settings.defaultDeliverFor
        let defaults = DefaultsSection(section[.defaults])

        let watched = watchedEntries(section)
        // All of them become registrations, so their names must differ.
        var entryNames = NameRegister()
        let certificates = CertificatesSection(reading: watched[0] ?? [], names: &entryNames)
        let lists = RevocationListsSection(reading: watched[1] ?? [], names: &entryNames)
        let endpoints = EndpointsSection(reading: watched[2] ?? [], names: &entryNames)
        let observed = section[.observed].flatMap { ObservedSection($0, names: &entryNames) }
        certificates.checkReferences()
        lists.checkReferences(among: certificates.roles)
        observed?.checkReferences(among: certificates.roles)
        let places = certificates.places + lists.places
        let sources = places.flatMap { $1.fileSources(of: $0) }
        let urls = places.compactMap { $1.urlSource(of: $0) }
        let language = section[.language].flatMap { $0.choice(of: Language.allCases) } ?? .english
        let receivers = ReceiversSection(reading: entries(section[.receivers]) ?? [], language: language)
        let heartbeat = section[.heartbeat].flatMap(HeartbeatSection.read)
        let implicit = ImplicitRegistrations(
            endpoints: endpoints,
            clients: clients(urls, certificates, receivers.receivers, heartbeat), listener: listener,
            besides: sources)
        let registrations = defaults.applied(
            to: certificates.registrations + lists.registrations + implicit.registrations
                + [observed?.registration].compactMap(\.self),
            own: [certificates.times, lists.times, implicit.times, observed?.ownTimes ?? [:]].reduce(into: [:]) {
                $0.merge($1) { first, _ in first }
            })

        let receiverNames = ReceiverNames(receivers: receivers.names, groups: section[.receiverGroups])
        let route = readRoute(
            section, receivers: receiverNames, floors: receivers.floors, registrations: registrations)
        let summary = section[.summary].flatMap {
            SummarySection.read($0, receivers: receivers, names: receiverNames)
        }
        guard let stateFile, let interval, let deliverFor, let route else { return nil }
        return Settings(
            stateFile: stateFile, interval: interval, deliverFor: deliverFor, registrations: registrations,
            expectations: certificates.expectations(at: defaults.securityLevel, besides: observed?.registration),
            sources: sources + implicit.sources, commands: places.compactMap { $1.commandSource(of: $0) }, urls: urls,
            endpoints: endpoints.endpoints, observed: observed?.plan, receivers: receivers.receivers, route: route,
            summary: summary, heartbeat: heartbeat)
    }

    /// The entries of certificates, revocation lists and endpoints. At least one of them must name something.
    private static func watchedEntries(_ section: Section<Key>) -> [[Cursor]?] {
        let watched = [section[.certificates], section[.revocationLists], section[.endpoints]].map(entries)
        if watched.allSatisfy({ $0?.isEmpty == true }), section[.observed] == nil {
            section.report("nothing to watch: name something under certificates or endpoints")
        }
        return watched
    }

    /// The TLS clients that present a client certificate to a server that is not an endpoint.
    private static func clients(
        _ urls: [URLSource], _ certificates: CertificatesSection, _ receivers: [ConfiguredReceiver],
        _ heartbeat: Heartbeat?
    ) -> [ImplicitRegistrations.TLSClient] {
        let sources = urls.map { source in
            let entry = certificates.registrations.first { $0.name == source.registration }
            return ImplicitRegistrations.TLSClient(
                name: source.registration, kind: "source", tls: source.tls, owner: entry?.owner,
                labels: entry?.labels ?? [:], times: certificates.times[source.registration])
        }
        let destinations =
            receivers.compactMap { receiver in
                receiver.settings.tls("tls_config").map { (receiver.name, "receiver", $0) }
            } + [heartbeat].compactMap(\.self).map { ("heartbeat", "heartbeat", $0.tls) }
        return sources
            + destinations.map { name, kind, tls in
                ImplicitRegistrations.TLSClient(name: name, kind: kind, tls: tls)
            }
    }

    /// The elements of a list, which can be absent, empty, or a key without a value. nil for any other value.
    private static func entries(_ cursor: Cursor?) -> [Cursor]? {
        guard let cursor, cursor.kind != .nothing else { return [] }
        return cursor.list()
    }

    private static func readStateFile(_ cursor: Cursor) -> String? {
        guard let text = cursor.pathText() else { return nil }
        if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") {
            cursor.report("PostgreSQL is not in this version: name a file")
            return nil
        }
        guard !text.contains("://") else {
            cursor.report("must be the path of a file, not a URL")
            return nil
        }
        return cursor.reading.base.absolute(text)
    }

    private static func readRoute(
        _ section: Section<Key>, receivers: ReceiverNames, floors: [String: Severity], registrations: [Registration]
    ) -> Route? {
        if let cursor = section[.route] {
            return RouteSection.read(cursor, receivers: receivers, floors: floors, registrations: registrations)
        }
        guard receivers.isEmpty else {
            section.report("missing: it names the receivers of notices", for: .route)
            return nil
        }
        return Route(receivers: [])
    }
}
