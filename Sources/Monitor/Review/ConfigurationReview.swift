import CertificateDecoding
import Certificates
import Configuration
import Delivery
import ExpiryRules
import FileReading
import Glibc
import Probing
import Scanning
import TransportSecurity

/// Checks, on this machine and for this user, the places, keys and programs that a valid configuration names. It opens
/// no connection and runs no program. `Settings.fileFindings` checks secrets and TLS files.
package struct ConfigurationReview: Sendable {
    /// One problem that will prevent something from working.
    package struct Warning: Hashable, Sendable {
        /// The keys that name the file, as in `endpoints.api.tls_config.cert_file`.
        package let key: String
        /// The file or directory.
        package let file: String
        /// The problem, as a clause that follows the file's name.
        package let clause: String
    }

    package private(set) var warnings: [Warning] = []

    /// Checks every path, key and program of `settings`, and the place of the ledger. Reads all the files and blocks.
    ///
    /// - Throws: `OpenSSLError` when OpenSSL has no SHA-256.
    package init(of settings: Settings) throws {
        reviewLedger(settings.stateFile)
        try reviewPlaces(settings)
        for (registration, expected) in settings.expectations.sorted(by: { $0.key < $1.key }) {
            if let key = expected.keyFile { reviewKey(key, of: "certificates.\(registration).key") }
        }
        for source in settings.commands {
            reviewProgram(source.command, of: "\(entry(of: source.registration, in: settings)).exec")
        }
        for endpoint in settings.endpoints { review(endpoint) }
        for receiver in settings.receivers {
            for key in receiver.kind.keys where key.type == .command {
                let name = "receivers.\(receiver.name).\(receiver.kind.rawValue).\(key.name)"
                reviewProgram(receiver.settings.list(key.name) ?? [], of: name)
            }
        }
    }

    private func entry(of registration: String, in settings: Settings) -> String {
        let isList = settings.registrations.contains { $0.name == registration && $0.role == .revocationList }
        return "\(isList ? "revocation_lists" : "certificates").\(registration)"
    }

    private mutating func warn(_ key: String, _ file: String, _ clause: String) {
        warnings.append(Warning(key: key, file: file, clause: clause))
    }

    private static func access(_ path: String, _ mode: Int32) -> Bool {
        PathText.withSystemPath(path) { Glibc.access($0, mode) } == 0
    }

    // MARK: - The ledger

    private mutating func reviewLedger(_ file: String) {
        if Self.access(file, F_OK) {
            if !Self.access(file, R_OK | W_OK) {
                warn("state", file, "cannot be written by this user: \(String(cString: strerror(errno)))")
            }
            return
        }
        let directory = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
        guard Self.access(directory.isEmpty ? "/" : directory, F_OK) else {
            return warn("state", directory, "does not exist: make it, owned by the user that runs notafter")
        }
        if !Self.access(directory.isEmpty ? "/" : directory, W_OK | X_OK) {
            warn("state", directory, "cannot be written by this user: \(String(cString: strerror(errno)))")
        }
    }

    // MARK: - What is watched

    private static let warningsPerPlace = 5

    private mutating func reviewPlaces(_ settings: Settings) throws {
        let search = try Search()
        let plan = settings.plan
        var passphraseFiles: Set<FilePath> = []
        for source in settings.sources {
            // A registration that comes with an endpoint or receiver has a slash in its name and is checked with its
            // owner.
            guard let registration = plan.registration(named: source.registration), !registration.name.contains("/")
            else { continue }
            let key = entry(of: registration.name, in: settings)
            if let file = source.passphraseFile, passphraseFiles.insert(file).inserted {
                reviewSecret(file.description, of: "\(key).passphrase_file")
            }
            var found: [(file: String, clause: String)] = []
            try search.read(
                at: source.pattern, passphraseFile: source.passphraseFile, excluding: source.exclusion,
                for: registration.role
            ) {
                if case .defect(let path, let defect) = $0 {
                    found.append((path.description, String(defect.message.dropFirst(path.description.count + 2))))
                }
            }
            for (file, clause) in found.prefix(Self.warningsPerPlace) { warn("\(key).paths", file, clause) }
            if found.count > Self.warningsPerPlace {
                let more = found.count - Self.warningsPerPlace
                warn("\(key).paths", source.pattern.text, "has \(counted(more, "more file")) like these")
            }
        }
    }

    private mutating func reviewProgram(_ command: [String], of key: String) {
        guard let program = command.first else { return }
        if program.contains("/") {
            guard !Self.access(program, X_OK) else { return }
            let isThere = Self.access(program, F_OK)
            return warn(key, program, isThere ? "is not executable for this user" : "does not exist")
        }
        let directories = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":")
        if !directories.contains(where: { Self.access("\($0)/\(program)", X_OK) }) {
            warn(key, program, "is in no directory of $PATH; name it by its path: a service has a PATH of its own")
        }
    }

    // MARK: - Keys and secrets

    private static let keyLimit = 1 << 20
    private static let certificateLimit = 8 << 20

    private mutating func reviewKey(_ file: String, of key: String) {
        do throws(RegularFile.Failure) {
            let content = try RegularFile.content(of: file, limit: Self.keyLimit)
            if content.access.isOpenToOthers { warnOfAccess(content.access, to: file, of: key) }
            guard content.bytes.firstRange(of: Array("PRIVATE KEY-----".utf8)) == nil else { return }
            warn(key, file, "holds no private key in PEM")
        } catch {
            warn(key, file, error.clause)
        }
    }

    private mutating func reviewSecret(_ file: String, of key: String) {
        do throws(RegularFile.Failure) {
            let access = try RegularFile.content(of: file, limit: Self.keyLimit).access
            if access.isOpenToOthers { warnOfAccess(access, to: file, of: key) }
        } catch {
            warn(key, file, error.clause)
        }
    }

    private mutating func warnOfAccess(_ access: RegularFile.Access, to file: String, of key: String) {
        warn(key, file, "is open to others than its owner (\(access.mode)): chmod 600")
    }

    // MARK: - Endpoints

    private mutating func review(_ endpoint: Endpoint) {
        let key = "endpoints.\(endpoint.name)"
        for wrong in endpoint.wrongClientCertificates {
            // Only readability is checked: such a certificate is meant to be expired or from another CA.
            do {
                _ = try CredentialStore().read(TLSFiles(certFile: wrong.certFile, keyFile: wrong.keyFile))
            } catch let error as CredentialError {
                warn("\(key).wrong_client_certificates.\(wrong.name)", error.path, error.reason)
            } catch {
                warn("\(key).wrong_client_certificates.\(wrong.name)", wrong.certFile, "\(error)")
            }
        }
        if let file = endpoint.servedCertificateFile {
            reviewCertificates(file, of: "\(key).served_certificate_file")
        }
    }

    /// Checks a file that should contain a certificate.
    private mutating func reviewCertificates(_ file: String, of key: String) {
        do {
            let bytes = try RegularFile.read(file, limit: Self.certificateLimit)
            let bundle = try CertificateDecoder().bundle(bytes)
            guard bundle.certificates.isEmpty else { return }
            warn(key, file, bundle.defects.first?.message ?? ForeignContent(of: bytes.span).sentence)
        } catch let failure as RegularFile.Failure {
            warn(key, file, failure.clause)
        } catch {
            warn(key, file, "\(error)")
        }
    }
}
