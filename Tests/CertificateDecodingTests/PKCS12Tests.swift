import CertificateDecoding
import Certificates
import TestSupport
import Testing

/// PKCS #12 as written by openssl and certtool, with every kind of passphrase.
struct PKCS12Tests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
    }

    private func archive(passphrase: String = "changeit", _ options: String...) throws -> [UInt8] {
        try RequiredTool("openssl").output(
            [
                "pkcs12", "-export", "-in", bench.path("leaf.pem"), "-inkey", bench.path("leaf-key.pem"),
                "-certfile", bench.path("ca.pem"), "-passout", "pass:" + passphrase,
            ] + options)
    }

    /// A trust store: certificates without a key.
    private func trustStore(_ options: String...) throws -> [UInt8] {
        try RequiredTool("openssl").output(
            [
                "pkcs12", "-export", "-nokeys", "-in", bench.path("ca.pem"), "-passout", "pass:changeit",
            ] + options)
    }

    @Test(arguments: [
        [], ["-legacy"], ["-certpbe", "PBE-SHA1-RC2-40", "-legacy"], ["-certpbe", "PBE-SHA1-3DES"],
        ["-macalg", "sha512", "-iter", "5000"], ["-certpbe", "NONE", "-keypbe", "NONE"], ["-nomac"],
    ])
    func `an archive opens with its passphrase, whatever protects it`(options: [String]) throws {
        let bytes = try RequiredTool("openssl").output(
            [
                "pkcs12", "-export", "-in", bench.path("leaf.pem"), "-inkey", bench.path("leaf-key.pem"),
                "-certfile", bench.path("ca.pem"), "-passout", "pass:changeit",
            ] + options)
        #expect(bench.fingerprints(bytes, passphrase: "changeit") == bench.both)
        #expect(bench.reasons(bytes, passphrase: "changeit") == [])
    }

    @Test(arguments: ["Zürich€", "a b", "パス"])
    func `a passphrase beyond ASCII opens it`(passphrase: String) throws {
        #expect(try bench.fingerprints(archive(passphrase: passphrase), passphrase: passphrase) == bench.both)
    }

    @Test func `a passphrase that is missing is told apart from a wrong one`() throws {
        let bytes = try archive()
        #expect(bench.fingerprints(bytes) == [])
        #expect(bench.reasons(bytes) == [.passphraseMissing])
        #expect(bench.fingerprints(bytes, passphrase: "wrong") == [])
        #expect(bench.reasons(bytes, passphrase: "wrong") == [.badPassphrase])
        #expect(bench.reasons(bytes, passphrase: "") == [.badPassphrase])
    }

    @Test(arguments: [nil, "", "changeit"])
    func `an empty passphrase is tried, also beside another`(passphrase: String?) throws {
        let bytes = try archive(passphrase: "")
        #expect(bench.fingerprints(bytes, passphrase: passphrase) == bench.both)
        #expect(bench.reasons(bytes, passphrase: passphrase) == [])
    }

    /// An archive without its MacData, the last of three fields. (openssl's `-nomac` omits encryption too.)
    private func withoutIntegrity(_ archive: [UInt8]) -> [UInt8] {
        let contentLength = Int(archive[9]) << 8 + Int(archive[10])
        return DERWriter.sequence([Array(archive[4..<(11 + contentLength)])])
    }

    @Test func `without integrity, what does not decrypt is told apart too`() throws {
        let bytes = withoutIntegrity(try archive())
        #expect(bench.fingerprints(bytes, passphrase: "changeit") == bench.both)
        #expect(bench.reasons(bytes) == [.passphraseMissing])
        #expect(bench.reasons(bytes, passphrase: "wrong") == [.badPassphrase])
    }

    @Test func `a trust store that is not encrypted is read without its passphrase, and checked with it`() throws {
        let bytes = try trustStore("-certpbe", "NONE")
        let authority: Set = [bench.authority.certificate.fingerprint]
        #expect(bench.fingerprints(bytes) == authority)
        #expect(bench.reasons(bytes) == [])
        #expect(bench.fingerprints(bytes, passphrase: "wrong") == authority)
        #expect(bench.reasons(bytes, passphrase: "wrong") == [.badPassphrase])
        #expect(bench.reasons(bytes, passphrase: "changeit") == [])
    }

    @Test func `a key's archive says nothing without its passphrase, encrypted or not`() throws {
        let bytes = try archive(passphrase: "changeit", "-certpbe", "NONE")
        #expect(bench.fingerprints(bytes) == [])
        #expect(bench.reasons(bytes) == [.passphraseMissing])
    }

    @Test func `an archive without certificates is a defect`() throws {
        let bytes = try bench.output(
            of: "openssl", "pkcs12", "-export", "-nocerts", "-inkey", bench.path("leaf-key.pem"), "-passout",
            "pass:changeit")
        #expect(bench.reasons(bytes, passphrase: "changeit") == [.noCertificateFound])
    }

    @Test func `certtool's archive is read, in DER and in PEM`() throws {
        for form in ["--outder", "--outraw"] {
            let bytes = try bench.output(
                of: "certtool", "--to-p12", "--load-certificate", bench.path("leaf.pem"), "--load-privkey",
                bench.path("leaf-key.pem"), "--p12-name", "leaf", "--password", "changeit", form)
            #expect(bench.fingerprints(bytes, passphrase: "changeit") == [bench.leaf.fingerprint])
        }
        let text = Array(PEMWriter.block("PKCS12", try archive()).utf8)
        #expect(bench.fingerprints(text, passphrase: "changeit") == bench.both)
    }

    /// The iteration count is the last element of the file, an INTEGER.
    @Test func `more iterations than anybody waits for are refused, and named`() throws {
        let bytes = try archive()
        let usual: [UInt8] = [0x02, 0x02, 0x08, 0x00]
        #expect(Array(bytes.suffix(4)) == usual)
        var costly = Array(bytes.dropLast(4)) + [0x02, 0x04, 0x7F, 0xFF, 0xFF, 0xFF]
        // The two enclosing lengths: of the file, and of the MacData.
        let mac = try #require(costly.indices.last { costly[$0] == 0x30 && costly[$0 + 1] == costly.count - $0 - 4 })
        costly[mac + 1] += 2
        let length = Int(costly[2]) << 8 + Int(costly[3]) + 2
        (costly[2], costly[3]) = (UInt8(length >> 8), UInt8(length & 0xFF))
        let bundle = bench.decoder.bundle(costly, passphrase: Secret("changeit"))
        #expect(bundle.certificates == [])
        #expect(bundle.defects.map(\.reason) == [.iterationLimit])
        #expect(bundle.defects.first?.message.contains("2147483647") == true)
        // Even with a person's patience.
        let patient = try CertificateDecoder(patience: .attended).bundle(costly, passphrase: Secret("changeit"))
        #expect(patient.defects.map(\.reason) == [.iterationLimit])
    }

    @Test func `an encryption that costs too much is refused before it is tried`() throws {
        let bytes = withoutIntegrity(try trustStore("-iter", "1000001"))
        #expect(bench.reasons(bytes, passphrase: "changeit") == [.iterationLimit])
        // A person who gives the passphrase waits a second. Without one the lower limit applies.
        let decoder = try CertificateDecoder(patience: .attended)
        #expect(decoder.bundle(bytes, passphrase: Secret("changeit")).certificates.count == 1)
        #expect(decoder.bundle(bytes).defects.map(\.reason) == [.iterationLimit])
    }

    @Test func `no defect names the passphrase`() throws {
        let bundle = bench.decoder.bundle(try archive(), passphrase: Secret("hunter2"))
        #expect(!bundle.defects.contains { $0.message.contains("hunter2") })
    }

    @Test func `what is cut short is a defect`() throws {
        #expect(try bench.reasons(Array(archive().dropLast(10)), passphrase: "changeit") == [.badDER])
    }
}
