import Certificates
import CurlBinding
import OpenSSLBinding
import TransportSecurity

/// The trust anchors and credentials of an endpoint's probes.
struct ProbeIdentities: Sendable {
    /// nil for the system's trust anchors.
    let trust: TrustStore?
    /// The content of a `ca_file`. Empty for the system's anchors.
    let anchors: CertificateBundle
    let client: Credentials.Client?
    let wrong: [(name: String, client: Credentials.Client)]
    /// nil when the proxy needs no authentication.
    let proxyLogin: ProxyLogin?

    /// - Throws: `CredentialError` or `SecretFileError`, which name the file at fault.
    init(of endpoint: Endpoint, from store: CredentialStore, in round: CredentialRound) async throws {
        let own = try await store.credentials(for: endpoint.tls, in: round)
        trust = own.trust
        anchors = own.anchors
        client = own.client
        var wrong: [(name: String, client: Credentials.Client)] = []
        for certificate in endpoint.wrongClientCertificates {
            let files = TLSFiles(certFile: certificate.certFile, keyFile: certificate.keyFile)
            if let client = try await store.credentials(for: files, in: round).client {
                wrong.append((certificate.name, client))
            }
        }
        self.wrong = wrong
        proxyLogin = try endpoint.proxyLogin.map { login in
            ProxyLogin(user: login.username, password: try login.passwordFile.read().exposed)
        }
    }
}
