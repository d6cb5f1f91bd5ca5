import CertificateDecoding
import Certificates
import TestSupport
import Testing

/// PKCS #7 as written by openssl and certtool.
struct SignedDataTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
    }

    private func bag(_ form: String) throws -> [UInt8] {
        try bench.output(
            of: "openssl", "crl2pkcs7", "-nocrl", "-certfile", bench.path("ca.pem"), "-certfile",
            bench.path("leaf.pem"),
            "-outform", form)
    }

    @Test(arguments: ["PEM", "DER"])
    func `a bag of certificates is read`(form: String) throws {
        #expect(try bench.fingerprints(bag(form)) == bench.both)
        #expect(try bench.reasons(bag(form)) == [])
    }

    @Test(arguments: ["CMS", "PKCS #7 SIGNED DATA"])
    func `other labels of the same block are read`(label: String) throws {
        let text = PEMWriter.block(label, try bag("DER"))
        #expect(bench.fingerprints(Array(text.utf8)) == bench.both)
    }

    @Test(arguments: ["CERTIFICATE", "X509 CERTIFICATE", "X509 CRL"])
    func `a bag under the label of something else is a bag, as AD CS writes it`(label: String) throws {
        let text = PEMWriter.block(label, try bag("DER"))
        #expect(bench.fingerprints(Array(text.utf8)) == bench.both)
        #expect(bench.reasons(Array(text.utf8)) == [])
    }

    @Test func `a block between certificates costs none of them`() throws {
        let text = Array(bench.authority.pem.utf8) + (try bag("PEM")) + Array(bench.leaf.pem.utf8)
        #expect(bench.decoder.bundle(text).certificates.count == 4)
    }

    @Test func `certtool's bag is read`() throws {
        try bench.directory.write(bench.authority.pem + bench.leaf.pem, to: "both.pem")
        let bag = try bench.output(of: "certtool", "--p7-generate", "--load-certificate", bench.path("both.pem"))
        #expect(bench.fingerprints(bag) == bench.both)
    }

    @Test func `a signature in BER, with lengths that are not known beforehand, is read by OpenSSL`() throws {
        let signed = try bench.output(
            of: "openssl", "cms", "-sign", "-stream", "-nodetach", "-binary", "-outform", "DER", "-in",
            bench.path("ca.pem"),
            "-signer", bench.path("leaf.pem"), "-inkey", bench.path("leaf-key.pem"), "-certfile", bench.path("ca.pem"))
        #expect(signed[1] == 0x80)
        #expect(bench.fingerprints(signed) == bench.both)
        #expect(bench.reasons(signed) == [])
    }

    @Test func `revocation lists in a bag are read`() throws {
        try bench.directory.write(try bench.authority.revocationList(revoking: [[1], [2]]), to: "ca.crl")
        let bag = try bench.output(of: "openssl", "crl2pkcs7", "-in", bench.path("ca.crl"), "-outform", "DER")
        #expect(bench.decoder.bundle(bag).revocationLists.map(\.revokedCount) == [2])
        #expect(bench.reasons(bag) == [])
    }

    @Test func `an empty bag is a defect, and a signature without certificates is none`() throws {
        let empty = try bench.output(of: "openssl", "crl2pkcs7", "-nocrl", "-outform", "DER")
        #expect(bench.reasons(empty) == [.noCertificateFound])
        let signature = try bench.output(
            of: "openssl", "cms", "-sign", "-nocerts", "-outform", "DER", "-in", bench.path("ca.pem"),
            "-signer", bench.path("leaf.pem"), "-inkey", bench.path("leaf-key.pem"))
        #expect(bench.reasons(signature) == [])
    }

    @Test func `what is cut short is a defect`() throws {
        #expect(try bench.reasons(Array(bag("DER").dropLast(10))) == [.badDER])
    }

    @Test func `an encrypted message is none of ours`() throws {
        let message = try bench.output(
            of: "openssl", "cms", "-encrypt", "-outform", "PEM", "-in", bench.path("ca.pem"), bench.path("leaf.pem"))
        #expect(bench.decoder.bundle(message) == CertificateBundle())
    }
}
