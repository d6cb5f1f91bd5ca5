import CertificateDecoding
import Certificates
import ExpiryRules
import OpenSSLBinding

/// The entries of `certificates`: registrations with their places and expectations.
struct CertificatesSection {
    enum Key: String, CaseIterable {
        case name, role, paths, exclude
        case passphraseFile = "passphrase_file"
        case exec, url
        case bearerTokenFile = "bearer_token_file"
        case httpHeaders = "http_headers"
        case allowHTTP = "allow_http"
        case tlsConfig = "tls_config"
        case timeout, hostnames, issuer
        case checksRevocation = "checks_revocation"
        case profile, key
        case commonName = "common_name"
        case alternativeNames = "alternative_names"
        case failuresBeforeAlert = "failures_before_alert"
        case owner, labels, thresholds
        case revocationListThresholds = "revocation_list_thresholds"
        case repeatEvery = "repeat_every"
    }

    /// An entry whose name and role could be read.
    private struct Entry {
        let registration: Registration
        let expectations: RegistrationExpectations
        let places: RegisteredPlaces
    }

    private let entries: [Entry]
    /// By name; nil for a role that could not be read.
    private(set) var roles: [String: Role?] = [:]
    /// The thresholds and reminders that entries set, by name.
    private(set) var times: [String: AlertTimes] = [:]
    private var issuers: [(cursor: Cursor, of: String?)] = []

    init(reading cursors: [Cursor], names: inout NameRegister) {
        var entries: [Entry] = []
        for cursor in cursors {
            guard let section = Section<Key>(cursor) else { continue }
            let name = names.take(section.required(.name))
            let role = section.required(.role)?.choice(of: [Role.ca, .client, .server])
            let places = RegisteredPlaces(section)
            let hostnames = section[.hostnames]?.distinctList { $0.hostname() } ?? []
            let issuer = section[.issuer]?.text()
            let checksRevocation = section[.checksRevocation]?.flag() ?? false
            let profile = Self.profile(section, role: role)
            let expectations = Self.expectations(section)
            let failuresBeforeAlert = section[.failuresBeforeAlert]?.integer(within: RegisteredPlaces.failures)
            let owner = section[.owner]?.text()
            let labels = section[.labels].map(Labels.read) ?? [:]
            let times = AlertTimesSection.read(section)
            if let cursor = section[.issuer], issuer != nil { issuers.append((cursor, name)) }
            if checksRevocation, section[.issuer] == nil {
                section[.checksRevocation]?.report("needs an issuer, whose revocation list is checked")
            }
            guard let name else { continue }
            roles.updateValue(role, forKey: name)
            self.times[name] = times
            guard let role else { continue }
            let registration = Registration(
                name: name, role: role, hostnames: hostnames, issuer: issuer, owner: owner, labels: labels,
                profile: profile, checksRevocation: checksRevocation, failuresBeforeAlert: failuresBeforeAlert)
            entries.append(Entry(registration: registration, expectations: expectations, places: places))
        }
        self.entries = entries
    }

    var registrations: [Registration] { entries.map(\.registration) }
    var places: [(registration: String, RegisteredPlaces)] { entries.map { ($0.registration.name, $0.places) } }
    /// The expectations of the entries and of `other`, by name, with the security level `level`.
    func expectations(
        at level: SecurityLevel, besides other: Registration?
    ) -> [String: RegistrationExpectations] {
        let pairs = entries.map { entry in
            var expectations = entry.expectations
            expectations.securityLevel = level
            return (entry.registration.name, expectations)
        }
        var expectations = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
        if let other { expectations[other.name] = RegistrationExpectations(securityLevel: level) }
        return expectations
    }

    /// Checks references between entries once all are known, since an entry can name a later one.
    func checkReferences() {
        for (cursor, name) in issuers {
            cursor.checkIssuer(of: name, among: roles)
        }
    }

    private static func profile(_ section: Section<Key>, role: Role?) -> AuthorityProfile? {
        let profile = section[.profile]?.choice(of: AuthorityProfile.allCases)
        if profile != nil, let role, role != .ca {
            section[.profile]?.report(
                "is for CAs that are uploaded to a service, and this entry's role is \(role.rawValue)")
        }
        return profile
    }

    private static func expectations(_ section: Section<Key>) -> RegistrationExpectations {
        RegistrationExpectations(
            commonName: section[.commonName]?.text().map(NamePattern.init),
            alternativeNames: section[.alternativeNames]?.distinctList { $0.text() } ?? [],
            keyFile: section[.key]?.filePath())
    }
}

extension Cursor {
    /// Checks that an issuer is another entry with the role ca.
    func checkIssuer(of name: String?, among roles: [String: Role?]) {
        guard let issuer = reference(to: "entry of certificates", among: roles.keys.sorted()) else { return }
        if issuer == name {
            report("names its own entry")
        } else if let role = roles[issuer] ?? nil, role != .ca {
            report("\(quoted(issuer)) has the role \(role.rawValue), but only a ca can issue")
        }
    }
}
