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
        case address
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
        case .secret: finding(SecretFile.check(path))
        case .address: finding(SecretAddress.check(path))
        case .signingSecrets: finding(SigningSecretFile.check(path))
        case .template: templateFinding()
        case .tls(let files): tlsFindings(files, at: now)
        }
    }

    private func finding(_ problem: SecretFile.Problem?) -> [FileFinding] {
        switch problem {
        case nil: []
        case .unreadable(let failure): [finding(.init(failure), "the file \(failure.clause)")]
        case .some(let problem): [finding(.unusable, "the file \(problem.clause)")]
        }
    }

    private func finding(_ problem: SigningSecretFile.Problem?) -> [FileFinding] {
        switch problem {
        case nil: []
        case .unreadable(let failure): [finding(.init(failure), "the file \(failure.clause)")]
        case .some(let problem): [finding(.unusable, "the file \(problem.clause)")]
        }
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

    /// A key on a token is left alone: looking at it would use up tries of its PIN.
    private func tlsFindings(_ files: TLSFiles, at now: Instant) -> [FileFinding] {
        let isOnToken = files.keyFile.map(TokenURI.isMeant) == true
        do {
            let credentials = try CredentialStore().read(isOnToken ? TLSFiles(caFile: files.caFile) : files)
            let validity = isOnToken ? certificate(files.certFile)?.validity : credentials.client?.validity
            return validity.map { validityFinding($0, at: now) } ?? []
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
        /// The client certificate in it.
        case expired, notYetValid

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
