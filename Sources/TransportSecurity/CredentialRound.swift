import Certificates

/// One round of reading TLS files. Each file is read at most once in a round, even if many endpoints name it. The next
/// round sees files that change meanwhile.
package final class CredentialRound: Sendable {
    let trust = OncePerKey<String, CredentialStore.Trust>()
    let clients = OncePerKey<ClientFiles, Credentials.Client>()

    package init() {}

    /// The files of a client identity.
    struct ClientFiles: Hashable, Sendable {
        let certificate: String
        /// The same as `certificate` when one file contains both, as in curl and Prometheus.
        let key: String
        let passphrase: String?

        /// nil when no client certificate is configured.
        init?(_ files: TLSFiles) {
            guard let certFile = files.certFile else { return nil }
            certificate = certFile
            key = files.keyFile ?? certFile
            passphrase = files.keyPassphraseFile
        }
    }

    /// The credentials of `files`, if this round has read all of them. nil when a file has not been read yet.
    ///
    /// - Throws: the error of a file that this round could not read.
    func known(_ files: TLSFiles) throws -> Credentials? {
        var trusted: CredentialStore.Trust?
        if let caFile = files.caFile {
            guard let known = try trust.known(caFile)?.get() else { return nil }
            trusted = known
        }
        var client: Credentials.Client?
        if let shown = ClientFiles(files) {
            guard let known = try clients.known(shown)?.get() else { return nil }
            client = known
        }
        return Credentials(trusted, client: client)
    }
}

extension Credentials {
    init(_ trust: CredentialStore.Trust?, client: Client?) {
        self.init(trust: trust?.store, anchors: trust?.anchors ?? CertificateBundle(), client: client)
    }
}
