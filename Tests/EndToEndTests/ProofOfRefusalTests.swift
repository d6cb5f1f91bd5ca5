import Foundation
import TestSupport
import Testing

/// Invariant 9, with real servers.
struct ProofOfRefusalTests {
    private struct Report: Decodable {
        struct Endpoint: Decodable {
            let name: String
            let verdict: String
        }

        let endpoints: [Endpoint]
    }

    /// The clients: a client certificate of the authority that the servers trust, and one of another authority.
    private func site(_ endpoints: [String: (url: String, client: String)]) throws -> Site {
        let entries = endpoints.sorted { $0.key < $1.key }.map { name, endpoint in
            """
              - name: \(name)
                url: "\(endpoint.url)"
                failures_before_alert: 1
                tls_config: { ca_file: ca.pem, cert_file: \(endpoint.client).pem, key_file: \(endpoint.client).key }
            """
        }
        return try Site(sections: "endpoints:\n" + entries.joined(separator: "\n"))
    }

    @Test func `invariant 9: only a refusal beside an admission in the same round is proof that mTLS is enforced`()
        async throws
    {
        let authority = try TestPKI.authority("Endpoint CA")
        let server = try authority.issue(.server, commonName: "localhost", alternativeNames: [.dns("localhost")])
        var open = NginxServer.Settings()
        open.verification = .optional
        var broken = NginxServer.Settings()
        broken.verification = .optional
        // Without a certificate the connection is closed silently, which is an error but not a refusal by TLS or HTTP.
        broken.directives = #"location / { if ($ssl_client_verify != SUCCESS) { return 502; } return 200; }"#
        let enforcing = try await NginxServer(certificate: server, clientAuthority: authority)
        let optional = try await NginxServer(certificate: server, clientAuthority: authority, settings: open)
        let failing = try await NginxServer(certificate: server, clientAuthority: authority, settings: broken)
        let silent = try LoopbackPort.free()
        let site = try site([
            "enforced": (enforcing.url(), "client"), "optional": (optional.url(), "client"),
            "inconclusive": (failing.url(), "client"), "refused-ours": (enforcing.url(), "stranger"),
            "unreachable": ("https://localhost:\(silent)/", "client"),
        ])
        let strangers = try TestPKI.authority("Strangers' CA")
        try site.directory.write(authority.pem, to: "ca.pem")
        for (name, issuer) in [("client", authority), ("stranger", strangers)] {
            let client = try issuer.issue(.client, commonName: name)
            try site.directory.write(client.pem, to: "\(name).pem")
            try site.directory.write(client.keyPEM, to: "\(name).key")
        }
        let probe = try await site.run(["probe", "--json"])
        #expect(probe.status == 1)
        let report = try JSONDecoder().decode(Report.self, from: Data(probe.output.utf8))
        for endpoint in report.endpoints {
            #expect(endpoint.verdict == endpoint.name.replacing("-", with: "_"), "\(probe.output)")
        }
        try site.place("a", daysLeft: 400)
        for day: Int64 in [0, 1] { try await site.scan(day: day) }
        #expect(
            Set(site.ops.told)
                == ["inconclusive failing", "optional failing", "refused-ours failing", "unreachable failing"])
        #expect(site.ops.requests.count == 4, "each once")
        withExtendedLifetime([enforcing, optional, failing]) {}
    }
}
