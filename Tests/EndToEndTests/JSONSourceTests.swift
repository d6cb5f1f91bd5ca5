import Foundation
import TestSupport
import Testing

/// Sources with tokens whose responses are JSON, like those of Vault, step-ca and Kubernetes.
struct JSONSourceTests {
    private static func answer(_ pem: String, _ shape: String) throws -> String {
        let object: [String: Any] =
            switch shape {
            case "vault": ["request_id": "1", "data": ["certificate": pem, "revocation_time": 0]]
            case "step-ca": ["crts": [pem]]
            default:
                ["kind": "Secret", "type": "Opaque", "data": ["ca.crt": Data(pem.utf8).base64EncodedString()]]
            }
        return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }

    @Test(arguments: ["vault", "step-ca", "kubernetes"])
    func `the certificates in an answer of JSON are watched, and its token is in no output`(shape: String) async throws
    {
        let site = try Site()
        let certificate = try site.certificate("gateway", daysLeft: 20)
        let answer = try Self.answer(certificate.pem, shape)
        let service = try RecordingReceiver { _, request in
            request.headers["authorization"] == "Bearer canary-token-77" ? .answer(200, body: answer) : .answer(403)
        }
        try site.directory.write("canary-token-77\n", to: "token")
        try site.directory.write(
            """
            certificates:
              - { name: remote, role: client, url: "\(service.url)", bearer_token_file: token, allow_http: true }
            receivers: [{ name: ops, webhook: { url: "\(site.ops.url)" } }]
            route: { receivers: [ops] }

            """, to: "notafter.yaml")
        let scan = try await site.scan(day: 0)
        #expect(scan.status == 0, "\(scan.errors)")
        #expect(site.ops.told == ["remote/CN=gateway expiring 30d"])
        for command in [["list"] + Site.at(day: 0), ["check", "--config", "notafter.yaml"], ["config", "validate"]] {
            let outcome = try await site.run(command)
            #expect(!(outcome.output + outcome.errors).contains("canary"), "\(command)")
        }
        #expect(try site.ledger.bytes().range(of: Data("canary-token".utf8)) == nil)
    }
}
