import CertificateDecoding
import Certificates
import Foundation
import TestSupport
import Testing

/// Certificates in other texts: JSON, YAML, base64, and nestings of these.
struct EncodedTextTests {
    private let bench: Workbench
    private let bundle: String

    init() throws {
        bench = try Workbench()
        bundle = bench.leaf.pem + bench.authority.pem
    }

    private func base64(_ text: String, wrapped: Bool = false) -> String {
        Data(text.utf8).base64EncodedString(options: wrapped ? [.lineLength76Characters, .endLineWithLineFeed] : [])
    }

    private func expectBoth(_ text: String) {
        #expect(bench.fingerprints(Array(text.utf8)) == bench.both)
        #expect(bench.reasons(Array(text.utf8)) == [])
    }

    private func json(_ value: Any) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: value, options: [.prettyPrinted]), as: UTF8.self)
    }

    @Test func `a kubeconfig is read, in YAML and in JSON`() throws {
        let (authority, client) = (base64(bench.authority.pem), base64(bench.leaf.pem))
        expectBoth(
            """
            apiVersion: v1
            clusters:
            - cluster:
                certificate-authority-data: \(authority)
                server: https://10.0.0.1:6443
            users:
            - user:
                client-certificate-data: "\(client)"
                client-key-data: \(base64(try bench.leaf.keyPEM))
            """)
        expectBoth(
            try json([
                "clusters": [["cluster": ["certificate-authority-data": authority]]],
                "users": [["user": ["client-certificate-data": client]]],
            ]))
        expectBoth("{clusters: [{cluster: {certificate-authority-data: \(authority)}}], x: \(client)}")
    }

    @Test func `base64 that is folded over lines is one value`() throws {
        let folded = base64(bundle, wrapped: true).split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
        expectBoth("data:\n  tls.crt: |\n\(folded)\n  tls.key: \(base64(try bench.leaf.keyPEM))\n")
    }

    @Test func `JSON of cfssl, Vault and AWS is read`() throws {
        expectBoth(try json(["cert": bench.leaf.pem, "csr": "", "key": try bench.leaf.keyPEM, "bundle": bundle]))
        let data: [String: Any] = ["certificate": bench.leaf.pem, "ca_chain": [bench.authority.pem]]
        expectBoth(try json(["data": data, "lease_duration": 0]))
        expectBoth(try json(["Certificate": bench.leaf.pem, "CertificateChain": bench.authority.pem]))
    }

    @Test func `what cfssl prints is read`() throws {
        try bench.directory.write(#"{"CN":"Lab CA 2","key":{"algo":"ecdsa","size":256}}"#, to: "csr.json")
        let printed = try bench.output(of: "cfssl", "gencert", "-initca", bench.path("csr.json"))
        let bundle = bench.decoder.bundle(printed)
        #expect(bundle.certificates.map(\.subject) == ["CN=Lab CA 2"])
        #expect(bundle.defects == [])
    }

    @Test func `escapes of every kind are undone`() {
        let escaped = bundle.replacing("\n", with: "\\u000a").replacing("/", with: "\\/")
        expectBoth("  {\"pem\": \"\(escaped)\", \"text\": \"\\u00e9 \\\\ \\\" \\b\\f\\t\"}")
        expectBoth("[\"\(bundle.replacing("\n", with: "\\r\\n"))\"]")
    }

    @Test func `JSON in a string of JSON is read`() throws {
        expectBoth(try json(["SecretString": try json(["cert": bundle])]))
    }

    @Test func `base64 of any container is read, up to a depth`() throws {
        expectBoth(base64(bundle, wrapped: true))
        expectBoth(base64(base64(bundle)))
        #expect(
            bench.fingerprints(Array(bench.leaf.der.base64.utf8)) == [bench.leaf.fingerprint])
        let deep = (0..<6).reduce(bundle) { text, _ in base64(text) }
        #expect(bench.reasons(Array(deep.utf8)) == [.noCertificateFound])
    }

    @Test func `JSON in which PEM is broken is a defect`() throws {
        let broken = bench.leaf.pem.replacing("-----END CERTIFICATE-----", with: "")
        #expect(bench.reasons(Array(try json(["cert": broken]).utf8)) == [.badPEM])
    }

    @Test func `base64 of PEM that is cut short is a defect`() {
        let cut = "ca: " + base64(bench.authority.pem).replacing("=", with: "").dropLast(1).prefix(401) + "\n"
        #expect(bench.reasons(Array(cut.utf8)) == [.badPEM])
    }

    @Test(arguments: ["{", "[\"", "{\"a\": \"\\", "{\"a\": \"\\u12", "[[[[[[[[", "{\"words\": 1}", "[section]\na=b\n"])
    func `other text that looks like JSON is nothing`(text: String) {
        #expect(bench.decoder.bundle(Array(text.utf8)) == CertificateBundle())
    }

    @Test func `PEM below a line that looks like JSON is PEM`() {
        expectBoth("[certificates]\n" + bundle)
    }

    @Test func `a JSON document that is one string is read`() throws {
        let string = String(try json([bundle]).drop { $0 != "\"" }.prefix { $0 != "]" })
        expectBoth(string)
        expectBoth("\u{FEFF} \n" + string.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    @Test(arguments: [
        #"LDAP_CA=PEM"#, #"LDAP_CA="PEM""#, "tls:\n  ca: \"PEM\"\n", #"Environment="CA=PEM""#, "CA='PEM'\n",
        #"export A=1 CA="PEM" B=2"#, "services:\n  web:\n    environment:\n      - CA=PEM\n",
    ])
    func `PEM with line ends written as backslash n is read in other notations`(notation: String) {
        for lineEnd in [#"\n"#, #"\r\n"#, #"\\n"#, #"\u000a"#] {
            expectBoth(notation.replacing("PEM", with: bundle.replacing("\n", with: lineEnd)))
        }
        expectBoth(notation.replacing("PEM", with: bundle.replacing("\n", with: #"\n"#).replacing("/", with: #"\/"#)))
    }

    @Test func `PEM over several lines of a quoted string is read`() {
        expectBoth("CA=\"\(bundle)\"\nOTHER=1\n")
        let folded = bundle.replacing("\n", with: "\\n\\\n    ")
        expectBoth("ca: \"\(folded)\"\n")
    }

    @Test func `a file of PEM whose line ends were never undone is read, and told`() {
        let text = Array(bundle.replacing("\n", with: #"\n"#).utf8)
        #expect(bench.fingerprints(text) == bench.both)
        #expect(bench.reasons(text) == [.badPEM])
    }

    @Test func `a value behind a comment sign counts for nothing`() throws {
        let (authority, client) = (base64(bench.authority.pem), base64(bench.leaf.pem))
        let text = "clusters:\n- cluster:\n    # certificate-authority-data: \(authority)\n"
        #expect(bench.decoder.bundle(Array(text.utf8)) == CertificateBundle())
        let both = text + "    certificate-authority-data: \(client)\n"
        #expect(bench.fingerprints(Array(both.utf8)) == [bench.leaf.fingerprint])
        #expect(bench.reasons(Array(both.utf8)) == [])
        expectBoth("a: \(authority) # old\nb: '# \(client)'\n")
    }

    @Test func `a kubeconfig in UTF-16 is read`() {
        let text = "\u{FEFF}clusters:\n- cluster:\n    certificate-authority-data: \(base64(bundle))\n"
        let bytes = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(bench.fingerprints(bytes) == bench.both)
        #expect(bench.reasons(bytes) == [])
    }

    @Test func `any number of strings, quotes or marks is read in one go`() {
        for piece in [
            "# -----BEGIN A-----", "\\\\n-----BEGIN A-----", "\"\"", "\"", "\\\"", "{\"", "LS0tLS1CRUdJTi\n",
            "-----BEGIN ", "-----BEGIN A-----\n",
        ] {
            let bytes = Array(("{" + String(repeating: piece, count: 1 << 15)).utf8)
            #expect(bench.fingerprints(bytes) == [])
            #expect(bench.fingerprints(Array(bytes.dropFirst())) == [])
        }
    }
}

extension [UInt8] {
    fileprivate var base64: String { Data(self).base64EncodedString() }
}
