import Certificates
import Foundation
import Scanning
import TestSupport
import Testing

/// The passphrase of a source's key stores.
struct PassphraseTests {
    private let directory: TemporaryDirectory
    private let certificate: IssuedCertificate

    init() throws {
        directory = try TemporaryDirectory()
        certificate = try TestPKI.authority("Lab CA").certificate
        try directory.write(certificate.pem, to: "ca.pem")
        try directory.makeDirectory("stores")
        try RequiredTool("openssl").run([
            "pkcs12", "-export", "-nokeys", "-in", directory.path(of: "ca.pem"), "-passout", "pass:changeit", "-out",
            directory.path(of: "stores/ca.p12"),
        ])
    }

    @Test(arguments: ["changeit", "changeit\n", "changeit\r\nand a note\n"])
    func `the first line is the passphrase`(text: String) throws {
        try directory.write(text, to: "passphrase")
        #expect(Passphrase(file: FilePath(directory.path(of: "passphrase"))).secret == Secret("changeit"))
    }

    @Test func `an empty file holds the empty passphrase, and no file none`() throws {
        try directory.write("", to: "passphrase")
        #expect(Passphrase(file: FilePath(directory.path(of: "passphrase"))).secret == Secret(""))
        #expect(Passphrase(file: nil).secret == nil)
    }

    @Test func `a passphrase that changes is taken by the next scan, though no store has changed`() throws {
        let run = try ScanRun(directory, "stores", passphraseFile: "passphrase")
        try directory.write("changeit\n", to: "passphrase")
        #expect(run.scan().read == ["stores/ca.p12": [certificate.fingerprint]])
        try directory.write("wrong\n", to: "passphrase")
        #expect(run.scan().defects == ["stores/ca.p12": [.badPassphrase]])
        try directory.write("changeit\n", to: "passphrase")
        #expect(run.scan().read == ["stores/ca.p12": [certificate.fingerprint]])
    }

    @Test func `a passphrase file that cannot be read is named by the stores that need it, and by no others`() throws {
        try directory.write(certificate.pem, to: "stores/plain.pem")
        let result = try ScanRun(directory, "stores", passphraseFile: "gone").scan()
        #expect(result.read["stores/plain.pem"] == [certificate.fingerprint])
        #expect(result.defects == ["stores/ca.p12": [.passphraseMissing]])
        #expect(result.messages.first?.contains(directory.path(of: "gone")) == true)
    }
}
