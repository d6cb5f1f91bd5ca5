import CertificateDecoding
import Certificates
import Delivery
import FileReading
import TransportSecurity

/// A file that is read anew whenever it is needed, and the place in the configuration that names it.
///
/// Its content is no part of the settings: a broken file stops the receiver, source or endpoint that needs it and nothing
/// else. `config validate` asks each of them what is wrong.
package struct NamedFile: Hashable, Sendable {
    /// What the file has to hold.
    enum Content: Hashable, Sendable {
        case secret
        case address(PlaintextPolicy)
        case signingSecrets
        case template
        /// All files of a `tls_config`.
        case tls(TLSFiles)
    }

    private let place: ConfigurationPlace
    private let path: String
    private let content: Content

    init(_ content: Content, path: String, at place: ConfigurationPlace) {
        self.content = content
        self.path = path
        self.place = place
    }

    /// What is wrong with the file at `now`; no byte of a secret is part of it. Reads the file and blocks.
    package func findings(at now: Instant) -> [FileFinding] {
        switch content {
        case .secret: finding(SecretFile.check(path)) + exposure(of: path)
        case .address(let policy): finding(SecretAddress.check(path, policy)) + exposure(of: path)
        case .signingSecrets: finding(SigningSecretFile.check(path)) + exposure(of: path)
        case .template: templateFinding()
        case .tls(let files): tlsFindings(files, at: now)
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

    /// Whether others than those whom its owner means may read a secret.
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
            let anchors = credentials.anchors.certificates
            // Beside one that is valid, an old CA waits for its removal and does no harm.
            let isOver = !anchors.isEmpty && anchors.allSatisfy { !$0.validity.expiry.isLater(than: now) }
            return isOver ? [finding(.expired, "\(file): every CA in it expired: no server is trusted by it")] : []
        }
    }

    /// A key on a token is left alone: looking at it would use up tries of its PIN.
    private func clientFindings(_ files: TLSFiles, at now: Instant) -> [FileFinding] {
        guard let certFile = files.certFile else { return [] }
        if let keyFile = files.keyFile, TokenURI.isMeant(by: keyFile) {
            return certificate(certFile).map { validityFinding($0.validity, at: now) } ?? []
        }
        // One after the other, so that each file that is missing is told.
        let secrets = [files.keyFile, files.keyPassphraseFile].compactMap(\.self)
        let missing = ([certFile] + secrets).flatMap(absence)
        guard missing.isEmpty else { return missing }
        let client = TLSFiles(
            certFile: certFile, keyFile: files.keyFile, keyPassphraseFile: files.keyPassphraseFile)
        return withCredentials(client) { credentials in
            credentials.client.map { validityFinding($0.validity, at: now) } ?? []
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

    /// What `body` says of credentials, or why there are none.
    private func withCredentials(_ files: TLSFiles, _ body: (Credentials) -> [FileFinding]) -> [FileFinding] {
        do {
            return body(try CredentialStore().read(files))
        } catch let error as CredentialError {
            return [finding(error.failure.map(FileFinding.Kind.init) ?? .unusable, error.description)]
        } catch {
            return [finding(.unusable, "\(error)")]
        }
    }

    /// The first certificate of a PEM file; nil where there is none, which the source that watches the file tells.
    private func certificate(_ path: String?) -> Certificate? {
        guard let path, let bytes = try? RegularFile.read(path, limit: 1 << 20) else { return nil }
        return (try? CertificateDecoder())?.bundle(bytes).certificates.first
    }

    private func validityFinding(_ validity: Validity, at now: Instant) -> [FileFinding] {
        if case .at(let notAfter) = validity.expiry, notAfter < now {
            let message = "the client certificate expired \(notAfter), and servers refuse it now: renew it"
            return [finding(.expired, message)]
        }
        if let notBefore = validity.notBefore, now < notBefore {
            return [finding(.notYetValid, "the client certificate is not valid before \(notBefore)")]
        }
        return []
    }

    private func finding(_ kind: FileFinding.Kind, _ message: String) -> FileFinding {
        FileFinding(kind: kind, problem: place.problem(message))
    }
}

/// What is wrong with one file that the configuration names.
package struct FileFinding: Hashable, Sendable {
    /// How bad it is.
    package enum Kind: Hashable, Sendable {
        /// The file is not there or closed to this user: a configuration may be checked where its secrets are not.
        case absent
        case unusable
        /// The client certificate in it, or every CA.
        case expired, notYetValid
        /// It is a secret, and others than its owner may read it.
        case exposed

        init(_ failure: RegularFile.Failure) {
            self = failure.isAbsence ? .absent : .unusable
        }
    }

    package let kind: Kind
    package let problem: Problem
}

/// Two of the same kind at the same path are equal, wherever they are named: settings mean the same.
extension NamedFile {
    package static func == (left: NamedFile, right: NamedFile) -> Bool {
        left.path == right.path && left.content == right.content
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(path)
    }
}

extension Settings {
    /// What is wrong with the files that receivers, the heartbeat, URL sources and endpoints read anew at each attempt, in
    /// the configuration's order. Reads them all and blocks.
    package func fileFindings(at now: Instant) -> [FileFinding] {
        namedFiles.flatMap { $0.findings(at: now) }
    }
}
