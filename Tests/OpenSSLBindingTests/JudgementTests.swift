import OpenSSLBinding
import TestSupport
import Testing

struct JudgementTests {
    @Test func `OpenSSL's reading of an issued certificate has its fields and its length`() throws {
        let leaf = try TestPKI.authority("Lab").issue(.client, commonName: "a,b")
        let judged = try OpenSSLCertificate((leaf.der + [0, 0]).span)
        #expect(judged.length == leaf.der.count)
        #expect(judged.subject.text == "CN=a\\,b")
        #expect(judged.issuer.text == "CN=Lab")
        #expect(judged.notBefore?.year == 2020)
        #expect(!judged.isCA)
        #expect(judged.signatureAlgorithm.name == "ecdsa-with-SHA256")
        #expect(judged.signatureAlgorithm.dotted == "1.2.840.10045.4.3.2")
    }

    @Test func `a refusal says why, and leaves nothing in the queue`() throws {
        let error = #expect(throws: OpenSSLError.self) {
            _ = try OpenSSLCertificate([0x30, 0x03, 0x02, 0x01, 0x00].span)
        }
        #expect(error?.entries.isEmpty == false)
        #expect(error?.description.hasPrefix("d2i_X509: ") == true)
        #expect(OpenSSLError.drained(after: "nothing").entries.isEmpty)
    }

    @Test(arguments: [[], [0x80], [0x55, 0x84], [UInt8](repeating: 0x81, count: 200)] as [[UInt8]])
    func `octets that are no identifier have no text`(content: [UInt8]) {
        #expect(ObjectIdentifier(content: content) == nil)
    }

    @Test func `an identifier without a name has its dotted form`() throws {
        let identifier = try #require(ObjectIdentifier(content: [0x2A, 0x03, 0x88, 0x37]))
        #expect(identifier.dotted == "1.2.3.1079")
        #expect(identifier.name == nil)
    }
}
