import Certificates
import CurlBinding
import Probing
import TestSupport
import TransportSecurity

/// A PKI with client certificates of every kind, and a prober that uses them.
final class ProbeFixture: Sendable {
    /// The client certificates for servers.
    enum Client: String, CaseIterable, Sendable {
        case good
        case expired
        case notYetValid
        case foreign
        case selfSigned
        case serverOnly
        case revoked
    }

    static let now = Instant(seconds: 1_800_000_000)

    /// The serial number of the good client certificate.
    let goodSerial: [UInt8] = [0x42]
    let revokedSerial: [UInt8] = [0x43]
    let authority: TestAuthority
    let server: IssuedCertificate
    let directory: TemporaryDirectory
    let loop: TransferLoop
    let prober: Prober

    init() throws {
        authority = try TestPKI.authority("Partner CA")
        server = try Self.serverCertificate(of: authority)
        directory = try TemporaryDirectory()
        loop = try TransferLoop()
        prober = Prober(loop: loop, pauses: [.milliseconds(20), .milliseconds(200)])
        try directory.write(authority.pem, to: "ca.pem")
        for client in Client.allCases {
            try write(client, as: client.rawValue)
        }
    }

    static func serverCertificate(
        of authority: TestAuthority, names: [CertificateTemplate.AlternativeName] = [.dns("localhost")],
        notAfter: Instant = TestPKI.defaultNotAfter
    ) throws -> IssuedCertificate {
        try authority.issue(.server, commonName: "server", notAfter: notAfter, alternativeNames: names)
    }

    /// Writes a new certificate of this kind with its key as `name`.
    func write(_ client: Client, as name: String) throws {
        let certificate =
            switch client {
            case .good: try certificate("good", serial: goodSerial)
            case .revoked: try certificate("revoked", serial: revokedSerial)
            case .expired:
                try authority.issue(.client, commonName: "expired", notAfter: Instant(seconds: 1_609_459_200))
            case .notYetValid:
                try authority.issue(.client, commonName: "future", notBefore: Instant(seconds: 2_500_000_000))
            case .foreign: try TestPKI.authority("Foreign CA").issue(.client, commonName: "foreign")
            case .selfSigned: try TestPKI.selfSigned(CertificateTemplate(.client, commonName: "self-signed"))
            case .serverOnly: try authority.issue(.server, commonName: "server only")
            }
        try directory.write(certificate.pem, to: "\(name).pem")
        try directory.write(certificate.keyPEM, to: "\(name).key")
    }

    private func certificate(_ commonName: String, serial: [UInt8]) throws -> IssuedCertificate {
        var template = CertificateTemplate(.client, commonName: commonName)
        template.serial = serial
        return try authority.issue(template)
    }

    /// An endpoint at `url` with the client certificate `client`, or none.
    func endpoint(
        _ url: String, client: String? = Client.good.rawValue, ca: String = "ca.pem", serverName: String? = nil,
        timeoutMilliseconds: Int = 10_000, negative: Endpoint.NegativeExpectation = .refused
    ) -> Endpoint {
        let files = TLSFiles(
            caFile: directory.path(of: ca), certFile: client.map { directory.path(of: "\($0).pem") },
            keyFile: client.map { directory.path(of: "\($0).key") }, serverName: serverName)
        var endpoint = Endpoint(name: "api", url: url, tls: files)
        endpoint.timeoutMilliseconds = timeoutMilliseconds
        endpoint.withoutClientCertificate = negative
        return endpoint
    }

    /// A client certificate that must be refused.
    func wrong(_ client: Client) -> WrongClientCertificate {
        WrongClientCertificate(
            name: client.rawValue, certFile: directory.path(of: "\(client.rawValue).pem"),
            keyFile: directory.path(of: "\(client.rawValue).key"))
    }

    func probe(_ endpoint: Endpoint) async -> ProbeReport {
        await prober.probe(endpoint, at: Self.now)
    }
}
