import Certificates
import ExpiryRules
import Fetching
import Scanning

/// The entries of `certificates`: registrations, and where they look.
struct CertificatesSection {
    enum Key: String, CaseIterable {
        case name, role, paths
        case passphraseFile = "passphrase_file"
        case exec, url
        case tlsConfig = "tls_config"
        case timeout, hostnames, issuer, owner, labels
    }

    private(set) var registrations: [Registration] = []
    private(set) var sources: [FileSource] = []
    private(set) var commands: [CommandSource] = []
    private(set) var urls: [URLSource] = []

    init(reading entries: [Cursor], thresholds: [Threshold], names: inout NameRegister) {
        var roles: [String: Role?] = [:]
        var issuers: [(cursor: Cursor, of: String?)] = []
        for entry in entries {
            guard let section = Section<Key>(entry) else { continue }
            let name = names.take(section.required(.name))
            let role = section.required(.role)?.choice(of: [Role.ca, .client, .server])
            let places = CertificatePlaces(section)
            let hostnames = section[.hostnames]?.distinctList { $0.hostname() } ?? []
            let issuer = section[.issuer]?.text()
            let owner = section[.owner]?.text()
            let labels = section[.labels].map(Self.labels) ?? [:]
            if let cursor = section[.issuer], issuer != nil { issuers.append((cursor, name)) }
            guard let name else { continue }
            roles.updateValue(role, forKey: name)
            guard let role else { continue }
            registrations.append(
                Registration(
                    name: name, role: role, hostnames: hostnames, issuer: issuer, owner: owner, labels: labels,
                    thresholds: thresholds))
            sources += places.fileSources(of: name)
            commands += [places.commandSource(of: name)].compactMap(\.self)
            urls += [places.urlSource(of: name)].compactMap(\.self)
        }
        // Only now, because an entry may name one that follows it.
        for (cursor, name) in issuers {
            Self.checkIssuer(cursor, of: name, roles: roles)
        }
    }

    /// An issuer is another entry, and one that holds CA certificates. A role that could not be read is nil.
    private static func checkIssuer(_ cursor: Cursor, of name: String?, roles: [String: Role?]) {
        guard let issuer = cursor.reference(to: "entry of certificates", among: roles.keys.sorted()) else { return }
        if issuer == name {
            cursor.report("names its own entry")
        } else if let role = roles[issuer] ?? nil, role != .ca {
            cursor.report("\(quoted(issuer)) has the role \(role.rawValue), but only a ca can issue")
        }
    }

    private static func labels(_ cursor: Cursor) -> [String: String] {
        var labels: [String: String] = [:]
        for (key, value) in cursor.entries() ?? [] {
            guard isLabelName(key) else {
                value.reportAtKey("a label's name is made of letters, digits and \"_\", and begins with no digit")
                continue
            }
            labels[key] = value.cursor.text()
        }
        return labels
    }

    /// As Prometheus has label names: `[a-zA-Z_][a-zA-Z0-9_]*`.
    private static func isLabelName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.unicodeScalars.allSatisfy { isNameCharacter($0) && $0 != "." && $0 != "-" }
    }
}
