import Certificates
import Testing

struct IdentityTests {
    @Test(
        arguments: [
            ([0x0A], "0a"), ([0x00, 0x8F, 0x01], "8f01"), ([0x00], "00"), ([0xFF], "-01"), ([0x80], "-80"),
            ([0xFE, 0xFF], "-0101"), ([], "00"),
        ] as [([UInt8], String)])
    func `serial numbers print without their sign octet`(octets: [UInt8], text: String) {
        #expect(SerialNumber(octets: octets).description == text)
    }

    @Test func `a fingerprint reads what it prints, with colons or without`() throws {
        let fingerprint = try #require(Fingerprint(bytes: Array(0..<32)))
        #expect(Fingerprint(hexadecimal: fingerprint.description) == fingerprint)
        let colons = fingerprint.bytes.map { [$0].hexadecimal.uppercased() }.joined(separator: ":")
        #expect(Fingerprint(hexadecimal: colons) == fingerprint)
        #expect(Fingerprint(hexadecimal: "00") == nil)
    }

    @Test func `paths are ordered as their directories are walked`() {
        let walked = ["a-b/x", "a.pem", "a/b", "a/b/c", "a0", "b"].map { FilePath($0) }
        #expect(walked.sorted() == walked)
        #expect(FilePath("pki/ca.pem").isWithin(FilePath("pki")))
        #expect(!FilePath("pki-old/ca.pem").isWithin(FilePath("pki")))
    }

    @Test func `a secret prints nothing of itself`() {
        let secret = Secret("hunter2")
        #expect("\(secret) \(String(reflecting: secret))".contains("hunter2") == false)
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("hunter2"))
    }
}
