import Discovery
import TestSupport
import Testing

@Suite struct EnvoyTests {
    private let lab: DiscoveryLab

    init() throws {
        lab = try DiscoveryLab()
    }

    private static let listener = """
        static_resources:
          listeners:
          - name: edge
            filter_chains:
            - filter_chain_match: { server_names: [api.example.com, "*.devices.example.com"] }
              transport_socket:
                name: envoy.transport_sockets.tls
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                  require_client_certificate: true
                  common_tls_context:
                    tls_certificates:
                    - certificate_chain: { filename: certs/api.pem }
                      private_key: { filename: certs/api.key }
                    - pkcs12: { filename: certs/api.p12 }
                    validation_context:
                      trusted_ca: { filename: certs/devices.pem }
                      crl: { filename: certs/list.pem }
            - transport_socket:
                typed_config:
                  common_tls_context:
                    tls_certificate_sds_secret_configs:
                    - { name: inner, sds_config: { path_config_source: { path: secrets.yaml } } }
                    - { name: own }
                    - { name: far, sds_config: { ads: {} } }
                    combined_validation_context:
                      default_validation_context: {}
                      validation_context_sds_secret_config: { name: clients, sds_config: { path: secrets.yaml } }
          clusters:
          - name: api
            transport_socket:
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                sni: backend.example.com
                common_tls_context:
                  tls_certificates:
                  - certificate_chain: { filename: certs/proxy.pem }
                  validation_context: { trusted_ca: { filename: /etc/upstream.pem } }
          secrets:
          - name: own
            tls_certificate: { certificate_chain: { filename: certs/own.pem } }
          - name: unused
            tls_certificate: { certificate_chain: { filename: certs/unused.pem } }
        """

    private static let secrets = """
        resources:
        - "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
          name: inner
          tls_certificate: { certificate_chain: { filename: certs/inner.pem } }
        - "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
          name: clients
          validation_context: { trusted_ca: { filename: certs/clients.pem } }
        """

    private static let expected = [
        "server api.pem api.example.com *.devices.example.com", "server api.p12 api.example.com *.devices.example.com",
        "ca devices.pem api.example.com *.devices.example.com", "revocation_list list.pem", "server inner.pem",
        "server own.pem", "ca clients.pem", "client proxy.pem", "ca upstream.pem",
    ]

    @Test func `listeners, clusters and secrets`() throws {
        try lab.directory.write(Self.secrets, to: "secrets.yaml")
        let inventory = try lab.inventory(of: Self.listener)
        #expect(inventory.summary == Self.expected)
        let first = try #require(inventory.certificates.first)
        #expect(first.path == lab.directory.path(of: "certs/api.pem"))
        #expect(first.keys.elements == [lab.directory.path(of: "certs/api.key")])
        #expect(first.places.elements.map(\.description) == ["\(lab.directory.path)/server.conf:13: certificate_chain"])
        #expect(inventory.warnings == ["far comes from a server and is not followed"])
    }

    /// Protocol Buffers' JSON has names in camel case.
    @Test func `JSON, with the names that it has there`() throws {
        let inventory = try lab.inventory(
            of: """
                {"staticResources": {"listeners": [{"filterChains": [{
                  "filterChainMatch": {"serverNames": ["a.example.com"]},
                  "transportSocket": {"typedConfig": {"commonTlsContext": {
                    "tlsCertificates": [{"certificateChain": {"filename": "a.pem"}, "privateKey": {"filename": "a.key"}}],
                    "validationContext": {"trustedCa": {"filename": "b.pem"}}
                  }}}
                }]}]}}
                """)
        #expect(inventory.summary == ["server a.pem a.example.com", "ca b.pem a.example.com"])
    }

    @Test func `listeners and clusters in files of their own`() throws {
        try lab.directory.write(
            """
            resources:
            - "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster
              transport_socket:
                typed_config:
                  common_tls_context: { tls_certificates: [{ certificate_chain: { filename: proxy.pem } }] }
            """, to: "cds.yaml")
        let inventory = try lab.inventory(
            of: """
                dynamic_resources:
                  lds_config: { path_config_source: { path: server.conf } }
                  cds_config: { path: cds.yaml }
                # type.googleapis.com/envoy
                """)
        #expect(inventory.summary == ["client proxy.pem"])
        #expect(inventory.warnings.count == 1 && inventory.warnings[0].contains("names itself"))
    }

    @Test func `what an alias stands for is read wherever it is used`() throws {
        let inventory = try lab.inventory(
            of: """
                static_resources:
                  listeners:
                  - filter_chains:
                    - filter_chain_match: { server_names: ["*.example.com"] }
                      transport_socket:
                        typed_config: &tls
                          common_tls_context: &common
                            tls_certificates: &certificates
                            - certificate_chain: { filename: &file a.pem }
                    - filter_chain_match: { server_names: [b.example.com] }
                      transport_socket: { typed_config: *tls }
                    - filter_chain_match: { server_names: [c.example.com] }
                      transport_socket:
                        typed_config:
                          common_tls_context: { <<: *common, validation_context: { trusted_ca: { filename: *file } } }
                  clusters:
                  - transport_socket: { typed_config: { common_tls_context: { tls_certificates: *certificates } } }
                """)
        #expect(
            inventory.summary == [
                "server a.pem *.example.com b.example.com c.example.com", "ca a.pem c.example.com", "client a.pem",
            ])
        #expect(inventory.warnings.isEmpty)
    }

    /// Each level refers to the one below ten times.
    @Test func `aliases that multiply come to an end, with a warning`() throws {
        let levels = (1...12).map {
            "l\($0): &l\($0) [\(Array(repeating: "*l\($0 - 1)", count: 10).joined(separator: ", "))]"
        }
        let inventory = try lab.inventory(
            of: "static_resources: {}\nl0: &l0 { trusted_ca: { filename: a.pem } }\n" + levels.joined(separator: "\n"))
        #expect(inventory.summary == ["ca a.pem"])
        #expect(inventory.warnings == ["has more fields than are read, aliases counted as often as they are used"])
    }

    @Test(arguments: [
        "static_resources: " + String(repeating: "[", count: 100_000),
        "static_resources: " + String(repeating: "{a: ", count: 100_000),
        "static_resources: &a [1]\nb: &b [*a, *a]\nc: &c [*b, *b]\n? *c\n: d\n",
        "static_resources: \"", "static_resources:\n\t- a", "static_resources: \u{0}",
        "common_tls_context: { tls_certificates: a, validation_context: [ { trusted_ca: [] } ] }",
    ])
    func `damage and nesting cost no stack and no memory`(text: String) throws {
        #expect(try lab.inventory(of: text).certificates.isEmpty)
    }
}
