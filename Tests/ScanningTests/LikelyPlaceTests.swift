import Certificates
import Foundation
import Scanning
import TestSupport
import Testing

/// Unreadable places: their names decide whether they are a problem.
struct LikelyPlaceTests {
    private let directory: TemporaryDirectory
    private let certificate: IssuedCertificate

    init() throws {
        directory = try TemporaryDirectory()
        certificate = try TestPKI.authority("Lab CA").certificate
        try directory.write(certificate.pem, to: "pki/good.pem")
    }

    private func makeFIFO(_ name: String) throws {
        try #require(mkfifo(directory.path(of: name), 0o600) == 0)
    }

    @Test(arguments: [
        "a.pem", "a.crt", "A.CER", "chain.p7b", "store.jks", "multi.pem.rsa", "kubeconfig", "fullchain", "ca.crl",
        "cert-and-key.pem", "keystore.p12",
    ])
    func `a name that may be a certificate's is trouble when it cannot be read`(name: String) throws {
        try makeFIFO("pki/\(name)")
        let result = try ScanRun(directory, "pki").scan()
        #expect(result.unreadable == ["pki/\(name)": .notRegularFile])
        #expect(result.skipped == [:])
    }

    @Test(arguments: [
        "tls.key", "privkey.pem", "server-key.pem", "ssl-cert-snakeoil.key", "notes.txt", "GeoIP.mmdb", "app.sock",
        "old.pem.bak", "cert.pem~", "certbot.log", "README",
    ])
    func `any other name is not`(name: String) throws {
        try makeFIFO("pki/\(name)")
        let result = try ScanRun(directory, "pki").scan()
        #expect(result.unreadable == [:])
        #expect(result.skipped == ["pki/\(name)": .notRegularFile])
        #expect(result.outcome == .seen(files: 1))
    }

    @Test func `a name that a pattern asks for is trouble, unless it is a key's`() throws {
        for name in ["a.conf", "b.conf", "b.key"] { try makeFIFO("pki/\(name)") }
        #expect(try ScanRun(directory, "pki/*.conf").scan().unreadable.keys.sorted() == ["pki/a.conf", "pki/b.conf"])
        #expect(try ScanRun(directory, "pki/b.*").scan().unreadable.keys.sorted() == ["pki/b.conf"])
        #expect(try ScanRun(directory, "pki/*").scan().unreadable == [:])
    }

    @Test func `a file that is too large is trouble only under a certificate's name`() throws {
        for name in ["huge.dat", "huge.pem"] {
            try directory.write("", to: "pki/\(name)")
            try #require(truncate(directory.path(of: "pki/\(name)"), 1 << 30) == 0)
        }
        let result = try ScanRun(directory, "pki").scan()
        #expect(result.unreadable == ["pki/huge.pem": .tooLarge])
        #expect(result.skipped == ["pki/huge.dat": .tooLarge])
    }

    @Test func `a closed directory is trouble, and one for keys or lost files is not`() throws {
        for name in ["etcd", "private", "lost+found"] {
            try directory.makeDirectory("pki/\(name)")
            try #require(chmod(directory.path(of: "pki/\(name)"), 0) == 0)
        }
        for path in [directory.path, directory.path(of: "pki")] {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        let run = try ScanRun(directory, "pki")
        let result = withoutPrivileges { run.scan() }
        for name in ["etcd", "private", "lost+found"] { chmod(directory.path(of: "pki/\(name)"), 0o700) }
        #expect(result.unreadable == ["pki/etcd": .permissionDenied])
        #expect(result.skipped == ["pki/private": .permissionDenied, "pki/lost+found": .permissionDenied])
    }

    @Test func `a link out of the root is trouble when certificates lie below it`() throws {
        try directory.write(certificate.pem, to: "outside/site/cert.pem")
        try directory.write("", to: "modules/a.so")
        try directory.link("pki/site", to: "../outside/site")
        try directory.link("pki/modules", to: "../modules")
        let result = try ScanRun(directory, "pki").scan()
        #expect(result.unreadable == ["pki/site": .linkOutsideRoot])
        #expect(result.skipped == ["pki/modules": .linkOutsideRoot])
        let matched = try ScanRun(directory, "pki/*/cert.pem").scan()
        #expect(matched.unreadable == ["pki/site": .linkOutsideRoot])
    }

    @Test func `links out of the root that lead in a circle end the look at them`() throws {
        try directory.makeDirectory("a")
        try directory.makeDirectory("b")
        try directory.link("a/b", to: "../b")
        try directory.link("b/a", to: "../a")
        try directory.link("pki/a", to: "../a")
        #expect(try ScanRun(directory, "pki").scan().skipped == ["pki/a": .linkOutsideRoot])
    }
}

/// Readable files without a certificate.
struct EmptyPlaceTests {
    enum Content: String, CaseIterable {
        case nothing, page, request, key, certificate

        func text(_ certificate: IssuedCertificate) throws -> String {
            switch self {
            case .nothing: ""
            case .page: "<!DOCTYPE html><html><body>404</body></html>"
            case .request: PEMWriter.block("CERTIFICATE REQUEST", Array("request".utf8))
            case .key: try certificate.keyPEM
            case .certificate: certificate.pem
            }
        }

        var sentence: String? {
            switch self {
            case .nothing: "it holds no certificate: it is empty"
            case .page: "it holds no certificate: it is an HTML or XML document"
            case .request: "it holds no certificate: it is a certificate request (CSR), which a CA has yet to sign"
            case .key: "it holds no certificate: it is a private key"
            case .certificate: nil
            }
        }

        func isFlaw(of name: String) -> Bool {
            switch (self, name) {
            case (.certificate, _), (_, "tls.key"), (_, "notes.txt"), (.request, "tls.pem"), (.key, "tls.pem"): false
            default: true
            }
        }
    }

    private let directory: TemporaryDirectory
    private let certificate: IssuedCertificate

    init() throws {
        directory = try TemporaryDirectory()
        certificate = try TestPKI.authority("Lab CA").certificate
    }

    @Test(arguments: Content.allCases)
    func `a file that is named outright and holds none is told as what it is`(content: Content) throws {
        try directory.write(content.text(certificate), to: "any.txt")
        #expect(try ScanRun(directory, "any.txt").scan().messages == [content.sentence].compactMap(\.self))
    }

    @Test(arguments: Content.allCases, ["server.crt", "tls.pem", "tls.key", "notes.txt"])
    func `in a directory, a name that says certificate is told as well`(content: Content, name: String) throws {
        try directory.write(content.text(certificate), to: "pki/\(name)")
        let messages = try ScanRun(directory, "pki").scan().messages
        #expect(messages == (content.isFlaw(of: name) ? [content.sentence].compactMap(\.self) : []))
    }
}
