import Certificates
import TestSupport
import Testing

/// Certificates that an endpoint presents and that its verification does not need.
struct ServedChainTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// The notices of two passes about a server whose chain contains `companion`.
    private func told(servingBeside companion: (TestAuthority, TestAuthority) throws -> TestAuthority) async throws
        -> [String]
    {
        let root = try TestPKI.authority("New Root")
        let intermediate = try root.intermediate("R3")
        let extra = try companion(root, intermediate)
        var settings = NginxServer.Settings()
        settings.verification = .off
        settings.chainPEM = intermediate.pem + extra.pem
        let server = try await NginxServer(
            certificate: intermediate.issue(.server, commonName: "web", alternativeNames: [.dns("localhost")]),
            clientAuthority: root, settings: settings)
        try directory.write(root.pem, to: "root.pem")
        try directory.write(
            """
            state: state.db
            endpoints: [{ name: web, url: "\(server.url())", tls_config: { ca_file: root.pem } }]
            receivers:
              - { name: ops, exec: { command: [/bin/sh, -c, 'echo "$NOTAFTER_SEVERITY $NOTAFTER_TITLE" >> told'] } }
            route: { receivers: [ops] }
            """, to: "notafter.yaml")
        for _ in 0..<2 {
            _ = try await NotafterProcess.run(["scan", "-q"], directory: directory.path)
        }
        let told = try? directory.read("told")
        return told?.split(separator: "\n").map(String.init) ?? []
    }

    @Test func `an expired cross-certificate outside the verified path is a warning and has no stage`() async throws {
        let lines = try await told { root, _ in
            try root.crossSigned(
                by: TestPKI.authority("Old Root", notAfter: Instant(seconds: 1_609_459_200)),
                notAfter: Instant(seconds: 1_609_459_200))
        }
        #expect(lines.count == 1, "\(lines)")
        #expect(lines.first?.hasPrefix("warning") == true, "\(lines)")
    }

    @Test func `a certificate on the verified path keeps its stages`() async throws {
        let lines = try await told { root, _ in root }
        #expect(lines.isEmpty, "\(lines)")
        let listing = try await NotafterProcess.run(["list"], directory: directory.path)
        #expect(listing.output.contains("CN=web") && listing.output.contains("CN=R3"), "\(listing.output)")
    }
}
