import CertificateDecoding
import Certificates
import Delivery
import FileReading
import Messages
import TransportSecurity

/// A file that is read again for each use, and the place in the configuration that names it.
///
/// Its content is not part of the settings, so an invalid file affects only the receiver, source or endpoint that needs
/// it. `config validate` checks all of these files.
package struct NamedFile: Hashable, Sendable {
    /// The content that the file must have.
    enum Content: Hashable, Sendable {
        case secret
        case address(PlaintextPolicy)
        case signingSecrets
        case template
        /// All files of a `tls_config`.
        case tls(TLSFiles)
        /// All files of `listen.tls`.
        case server(ServerTLSFiles)
    }

    private let place: ConfigurationPlace
    private let path: String
    private let content: Content

    init(_ content: Content, path: String, at place: ConfigurationPlace) {
        self.content = content
        self.path = path
        self.place = place
    }

    /// Checks the file at `now`. Reads the file and blocks. No finding contains a byte of a secret.
    package func findings(at now: Instant) -> [FileFinding] {
        switch content {
        case .secret: finding(SecretFile.check(path)) + exposure(of: path)
        case .address(let policy): finding(SecretAddress.check(path, policy)) + exposure(of: path)
        case .signingSecrets: finding(SigningSecretFile.check(path)) + exposure(of: path)
        case .template: templateFinding()
        case .tls(let files): tlsFindings(files, at: now)
        case .server(let files): serverFindings(files, at: now)
        }
    }

    private func finding(_ problem: SecretFile.Problem?) -> [FileFinding] {
        guard let problem else { return [] }
        guard case .unreadable(let failure) = problem else { return [finding(.unusable, "the file \(problem.clause)")] }
        return [finding(.init(failure), "the file \(problem.clause)")]
    }

    private func finding(_ problem: SigningSecretFile.Problem?) -> [FileFinding] {
        guard let problem else { return [] }
        guard case .unreadable(let failure) = problem else { return [finding(.unusable, "the file \(problem.clause)")] }
        return [finding(.init(failure), "the file \(problem.clause)")]
    }

    private func templateFinding() -> [FileFinding] {
        do throws(TemplateFile.Problem) {
            _ = try TemplateFile.read(path)
            return []
        } catch {
            switch error {
            case .unreadable(let failure): return [finding(.init(failure), "the file \(failure.clause)")]
            case .malformed: return [finding(.unusable, error.description(of: path))]
            }
        }
    }

    /// Reports a secret that other users can read.
    private func exposure(of path: String) -> [FileFinding] {
        guard let access = try? RegularFile.content(of: path, limit: Self.secretLimit).access, access.isOpenToOthers
        else {
            return []
        }
        return [finding(.exposed, "\(path) is open to others than its owner (\(access.mode)): chmod 600")]
    }

    private static let secretLimit = 1 << 20

    private func tlsFindings(_ files: TLSFiles, at now: Instant) -> [FileFinding] {
        authorityFindings(files, at: now) + clientFindings(files, at: now)
    }

    private func authorityFindings(_ files: TLSFiles, at now: Instant) -> [FileFinding] {
        guard let file = files.caFile else { return [] }
        return withCredentials(TLSFiles(caFile: file)) { credentials in
            guard Self.areOver(credentials.anchors.certificates, at: now) else { return [] }
            return [finding(.expired, "\(file): every CA in it expired: no server is trusted by it")]
        }
    }

    /// Whether all of the CAs expired. An expired CA beside a valid one does no harm.
    private static func areOver(_ anchors: [Certificate], at now: Instant) -> Bool {
        !anchors.isEmpty && anchors.allSatisfy { !$0.validity.expiry.isLater(than: now) }
    }

    /// Checks the certificate of the listener, its key, and the CAs of its clients.
    private func serverFindings(_ files: ServerTLSFiles, at now: Instant) -> [FileFinding] {
        let missing = Set([files.certificate, files.key] + [files.clientCA].compactMap(\.self)).sorted()
            .flatMap(absence)
        guard missing.isEmpty else { return missing }
        do {
            let credentials = try ServerCredentials(reading: files)
            try credentials.check(files)
            var findings = exposure(of: files.key)
            if let validity = credentials.validity {
                findings += validityFinding(validity, of: "the listener's certificate", "clients", at: now)
            }
            if let path = files.clientCA, Self.areOver(credentials.clientAuthorities, at: now) {
                findings.append(finding(.expired, "\(path): every CA in it expired: no client certificate is accepted"))
            }
            return findings
        } catch let error as CredentialError {
            return [finding(error.failure.map(FileFinding.Kind.init) ?? .unusable, error.description)]
        } catch {
            return [finding(.unusable, "\(error)")]
        }
    }

    /// Checks the client certificate and its key. A key on a token is not opened, since that could use up PIN attempts.
    private func clientFindings(_ files: TLSFiles, at now: Instant) -> [FileFinding] {
        guard let certFile = files.certFile else { return [] }
        if let keyFile = files.keyFile, TokenURI.isMeant(by: keyFile) {
            return certificate(certFile).map { clientValidityFinding($0.validity, at: now) } ?? []
        }
        // Checked one by one, so that each missing file is reported.
        let secrets = [files.keyFile, files.keyPassphraseFile].compactMap(\.self)
        let missing = ([certFile] + secrets).flatMap(absence)
        guard missing.isEmpty else { return missing }
        let client = TLSFiles(
            certFile: certFile, keyFile: files.keyFile, keyPassphraseFile: files.keyPassphraseFile)
        return withCredentials(client) { credentials in
            credentials.client.map { clientValidityFinding($0.validity, at: now) } ?? []
        } + secrets.flatMap(exposure)
    }

    private func absence(of path: String) -> [FileFinding] {
        do throws(RegularFile.Failure) {
            _ = try RegularFile.read(path, limit: Self.secretLimit)
            return []
        } catch {
            return [finding(.init(error), "\(path): \(error.clause)")]
        }
    }

    /// The findings of `body`, or why the credentials cannot be read.
    private func withCredentials(_ files: TLSFiles, _ body: (Credentials) -> [FileFinding]) -> [FileFinding] {
        do {
            return body(try CredentialStore().read(files))
        } catch let error as CredentialError {
            return [finding(error.failure.map(FileFinding.Kind.init) ?? .unusable, error.description)]
        } catch {
            return [finding(.unusable, "\(error)")]
        }
    }

    /// The first certificate of a PEM file. nil if there is none; the source that watches the file reports that.
    private func certificate(_ path: String?) -> Certificate? {
        guard let path, let bytes = try? RegularFile.read(path, limit: 1 << 20) else { return nil }
        return (try? CertificateDecoder())?.bundle(bytes).certificates.first
    }

    private func clientValidityFinding(_ validity: Validity, at now: Instant) -> [FileFinding] {
        validityFinding(validity, of: "the client certificate", "servers", at: now)
    }

    /// The finding of a certificate that `verifiers` refuse for its dates.
    private func validityFinding(
        _ validity: Validity, of name: String, _ verifiers: String, at now: Instant
    ) -> [FileFinding] {
        if case .at(let notAfter) = validity.expiry, notAfter < now {
            return [finding(.expired, "\(name) expired \(notAfter), and \(verifiers) refuse it now: renew it")]
        }
        if let notBefore = validity.notBefore, now < notBefore {
            return [finding(.notYetValid, "\(name) is not valid before \(notBefore)")]
        }
        return []
    }

    private func finding(_ kind: FileFinding.Kind, _ message: String) -> FileFinding {
        FileFinding(kind: kind, file: path, problem: place.problem(message))
    }
}

/// A problem of one file that the configuration names.
package struct FileFinding: Hashable, Sendable {
    /// The kind of problem, which decides the severity.
    package enum Kind: Hashable, Sendable {
        /// The file does not exist or this user cannot read it, as on a machine that only checks the configuration.
        case absent
        case unusable
        /// The client certificate in the file, or every CA.
        case expired, notYetValid
        /// The file is a secret that other users can read.
        case exposed

        init(_ failure: RegularFile.Failure) {
            self = failure.isAbsence ? .absent : .unusable
        }
    }

    package let kind: Kind
    package let file: String
    package let problem: Problem
}

/// Equality ignores the position in the configuration, so that settings that mean the same are equal.
extension NamedFile {
    package static func == (left: NamedFile, right: NamedFile) -> Bool {
        left.path == right.path && left.content == right.content
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(path)
    }
}

extension Settings {
    /// Checks the files that receivers, the heartbeat, URL sources and endpoints read again for each attempt, in the
    /// configuration's order. Reads them all and blocks.
    package func fileFindings(at now: Instant) -> [FileFinding] {
        namedFiles.flatMap { $0.findings(at: now) }
    }
}
