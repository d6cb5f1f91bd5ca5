import Foundation
import TestSupport
import Testing

/// The basis of all other tests: OpenSSL itself accepts the certificates that they issue.
struct TestPKITests {
    @Test func `OpenSSL verifies an issued chain for its purpose`() throws {
        let directory = try TemporaryDirectory()
        let root = try TestPKI.authority("Lab Root")
        let issuing = try root.intermediate("Lab Issuing")
        let client = try issuing.issue(.client, commonName: "device-1")
        let arguments = [
            "verify", "-x509_strict", "-purpose", "sslclient",
            "-CAfile", try directory.write(root.pem, to: "root.pem"),
            "-untrusted", try directory.write(issuing.pem, to: "issuing.pem"),
            try directory.write(client.pem, to: "client.pem"),
        ]
        #expect(try RequiredTool("openssl").outcome(arguments).status == 0)
    }

    @Test func `a missing tool is named`() {
        #expect(throws: MissingTool.self) { try RequiredTool("no-such-tool-anywhere") }
    }
}
