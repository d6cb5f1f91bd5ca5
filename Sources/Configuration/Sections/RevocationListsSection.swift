import Certificates
import ExpiryRules

/// The entries of `revocation_lists`. Revocation lists are watched like certificates.
struct RevocationListsSection {
    enum Key: String, CaseIterable {
        case name, paths, exclude, exec, url
        case bearerTokenFile = "bearer_token_file"
        case httpHeaders = "http_headers"
        case allowHTTP = "allow_http"
        case tlsConfig = "tls_config"
        case timeout, issuer
        case failuresBeforeAlert = "failures_before_alert"
        case owner, labels, thresholds
        case repeatEvery = "repeat_every"
    }

    private(set) var registrations: [Registration] = []
    private(set) var places: [(registration: String, RegisteredPlaces)] = []
    /// The thresholds and reminders that entries set, by name.
    private(set) var times: [String: AlertTimes] = [:]
    private var issuers: [Cursor] = []

    init(reading cursors: [Cursor], names: inout NameRegister) {
        for cursor in cursors {
            guard let section = Section<Key>(cursor) else { continue }
            let name = names.take(section.required(.name))
            let places = RegisteredPlaces(section, plaintext: .anywhere)
            let issuer = section[.issuer]?.text()
            let failuresBeforeAlert = section[.failuresBeforeAlert]?.integer(within: RegisteredPlaces.failures)
            let owner = section[.owner]?.text()
            let labels = section[.labels].map(Labels.read) ?? [:]
            let times = AlertTimesSection.read(section, for: .revocationLists)
            if let cursor = section[.issuer], issuer != nil { issuers.append(cursor) }
            guard let name else { continue }
            registrations.append(
                Registration(
                    name: name, role: .revocationList, issuer: issuer, owner: owner, labels: labels,
                    failuresBeforeAlert: failuresBeforeAlert))
            self.times[name] = times
            self.places.append((name, places))
        }
    }

    /// Checks the CAs that the entries name. `roles` has the roles of the entries of `certificates`.
    func checkReferences(among roles: [String: Role?]) {
        for cursor in issuers { cursor.checkIssuer(of: nil, among: roles) }
    }
}
