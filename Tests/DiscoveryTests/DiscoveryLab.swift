import CertificateDecoding
import Certificates
import Configuration
import Discovery
import Foundation
import Scanning
import TestSupport
import Testing

/// A directory with the configuration of a server and the certificates that it names.
struct DiscoveryLab {
    let directory: TemporaryDirectory
    let authority: TestAuthority
    let decoder: CertificateDecoder

    init() throws {
        decoder = try CertificateDecoder()
        directory = try TemporaryDirectory()
        authority = try TestPKI.authority("Lab CA")
    }

    /// Issues a certificate and writes it with its key, which has the suffix `.key`.
    @discardableResult
    func issue(_ purpose: CertificateTemplate.Purpose, to name: String) throws -> IssuedCertificate {
        let certificate = try authority.issue(purpose, commonName: name)
        try directory.write(certificate.pem, to: name)
        try directory.write(certificate.keyPEM, to: name + ".key")
        return certificate
    }

    /// The inventory of the file with that name.
    func inventory(_ name: String) -> Inventory {
        Inventory(of: [directory.path(of: name)], decoder: decoder)
    }

    /// The inventory of a file with `text`.
    func inventory(of text: String) throws -> Inventory {
        Inventory(of: [try directory.write(text, to: "server.conf")], decoder: decoder)
    }

    func draft(_ inventory: Inventory) throws -> ConfigurationDraft {
        ConfigurationDraft(inventory, decoder: decoder)
    }

    /// The settings that notafter reads from a draft.
    func settings(_ draft: ConfigurationDraft) throws -> Settings {
        try SettingsFile.load(path: directory.write(draft.text, to: "notafter.yaml"))
    }

    /// The fingerprints that a scan finds for each registration.
    func scan(_ settings: Settings) throws -> [String: [Fingerprint]] {
        let search = FileSearch(decoder: try CertificateDecoder())
        var found: [String: [Fingerprint]] = [:]
        for source in settings.sources {
            _ = search.bundles(in: source.pattern) { _, bundle in
                found[source.registration, default: []] +=
                    bundle.certificates.map(\.fingerprint) + bundle.revocationLists.map(\.fingerprint)
            }
        }
        return found
    }
}

extension Inventory {
    /// `role name hostnames`, with file names only.
    var summary: [String] {
        certificates.map { certificate in
            let name = certificate.path.split(separator: "/").last.map(String.init) ?? ""
            return ([certificate.role.rawValue, name] + certificate.hostnames.elements).joined(separator: " ")
        }
    }

    /// The texts of the warnings.
    var warnings: [String] { remarks.filter { $0.kind == .warning }.map(\.text) }
}
