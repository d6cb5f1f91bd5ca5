import Certificates

/// One reading of TLS files: in it each file is read at most once, however many endpoints name it. A file that changes
/// meanwhile is seen by the next round.
package final class CredentialRound: Sendable {
    let trust = OncePerKey<String, CredentialStore.Trust>()
    let clients = OncePerKey<ClientFiles, Credentials.Client>()

    package init() {}

    /// The files that a client identity is made of.
    struct ClientFiles: Hashable, Sendable {
        let certificate: String
        /// As in curl and Prometheus, one file may hold both.
        let key: String
        let passphrase: String?

        /// nil where no certificate is shown.
        init?(_ files: TLSFiles) {
            guard let certFile = files.certFile else { return nil }
            certificate = certFile
            key = files.keyFile ?? certFile
            passphrase = files.keyPassphraseFile
        }
    }

    /// What was read of `files` already, all of it; nil where something is still to be read.
    ///
    /// - Throws: what reading them came to.
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
