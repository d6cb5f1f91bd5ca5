import CertificateDecoding
import Certificates
import TestSupport
import Testing

/// JKS as written by pyjks, and JCEKS, which only Java writes, according to its source. keytool would make Java a
/// dependency of every build.
struct JavaKeyStoreTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
    }

    /// A JKS with the CA as a trusted certificate, and the leaf's key with its chain.
    private func store() throws -> [UInt8] {
        try bench.directory.write(bench.authority.certificate.der, to: "ca.der")
        try bench.directory.write(bench.leaf.der, to: "leaf.der")
        try RequiredTool("openssl").run([
            "pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-in", bench.path("leaf-key.pem"), "-out",
            bench.path("leaf-key.der"),
        ])
        let script = """
            import jks, sys
            read = lambda name: open(sys.argv[1] + '/' + name, 'rb').read()
            trusted = jks.TrustedCertEntry.new('ca', read('ca.der'))
            key = jks.PrivateKeyEntry.new('leaf', [read('leaf.der'), read('ca.der')], read('leaf-key.der'), 'pkcs8')
            sys.stdout.buffer.write(jks.KeyStore.new('jks', [trusted, key]).saves('changeit'))
            """
        return try RequiredTool.debianPython.output(["-c", script, bench.directory.path])
    }

    @Test(arguments: [nil, "changeit"])
    func `certificates are read without the password, and with it`(passphrase: String?) throws {
        let bytes = try store()
        #expect(bench.fingerprints(bytes, passphrase: passphrase) == bench.both)
        #expect(bench.decoder.bundle(bytes).certificates.count == 3)
        #expect(bench.reasons(bytes, passphrase: passphrase) == [])
    }

    @Test func `a wrong password, or a store that was tampered with, is a defect beside the certificates`() throws {
        var bytes = try store()
        #expect(bench.reasons(bytes, passphrase: "wrong") == [.badPassphrase])
        #expect(bench.fingerprints(bytes, passphrase: "wrong") == bench.both)
        bytes[bytes.count - 1] ^= 1
        #expect(bench.reasons(bytes, passphrase: "changeit") == [.badPassphrase])
        #expect(bench.reasons(bytes) == [])
    }

    @Test func `a store that is cut short is a defect, and keeps what came before`() throws {
        let bytes = Array(try store().dropLast(30))
        #expect(bench.reasons(bytes).last == .badKeyStore)
        #expect(!bench.fingerprints(bytes).isEmpty)
    }

    @Test func `certificates behind a secret key, whose length nobody knows, are found`() {
        let bytes = KeyStoreWriter.jceks([
            .secretKey([UInt8](repeating: 0xAC, count: 100)), .certificate(bench.leaf.der),
            .certificate(bench.authority.certificate.der),
        ])
        #expect(bench.fingerprints(bytes) == bench.both)
        #expect(bench.reasons(bytes) == [])
    }

    @Test func `counts and lengths that no file could hold are a defect`() {
        let head: [UInt8] = [0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF]
        #expect(bench.reasons(head) == [.badKeyStore])
        #expect(bench.reasons(head + [0, 0, 0, 1, 0, 0] + [UInt8](repeating: 0xFF, count: 20)) == [.badKeyStore])
        #expect(bench.reasons(Array(head.prefix(7)) + [9, 0, 0, 0, 0]) == [.badKeyStore])
    }
}

/// Writes stores that no available tool writes.
enum KeyStoreWriter {
    enum Entry {
        case certificate([UInt8])
        case secretKey([UInt8])
    }

    /// A JCEKS of version 2 with an invalid digest.
    static func jceks(_ entries: [Entry]) -> [UInt8] {
        var bytes: [UInt8] = [0xCE, 0xCE, 0xCE, 0xCE] + number(2) + number(entries.count)
        for entry in entries {
            switch entry {
            case .certificate(let der):
                bytes += number(2) + text("alias") + [UInt8](repeating: 0, count: 8)
                bytes += text("X.509") + number(der.count) + der
            case .secretKey(let object):
                bytes += number(3) + text("secret") + [UInt8](repeating: 0, count: 8) + object
            }
        }
        return bytes + [UInt8](repeating: 0, count: 20)
    }

    private static func number(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func text(_ text: String) -> [UInt8] {
        [0, UInt8(text.utf8.count)] + Array(text.utf8)
    }
}
