import OpenSSLBinding
import Testing

struct DigestTests {
    @Test func `one context serves digest after digest`() throws {
        let sha256 = try SHA256()
        // FIPS 180-4 examples: the empty message and "abc".
        for _ in 0..<2 {
            #expect(hexadecimal(sha256.digest([])).hasPrefix("e3b0c44298fc1c149afbf4c8996fb924"))
            #expect(hexadecimal(sha256.digest(Array("abc".utf8))).hasPrefix("ba7816bf8f01cfea414140de5dae2223"))
        }
    }

    @Test func `a digest of parts is that of the whole`() throws {
        let sha256 = try SHA256()
        sha256.restart()
        sha256.update(Array("a".utf8).span)
        sha256.update(Array("bc".utf8).span)
        #expect(sha256.finish() == sha256.digest(Array("abc".utf8)))
    }

    @Test func `HMAC agrees with RFC 4231`() {
        let code = HMAC.sha256(key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8))
        #expect(hexadecimal(code) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func `an empty key is not the key of the call before`() {
        let before = HMAC.sha256(key: [], message: [1])
        _ = HMAC.sha256(key: [1, 2, 3], message: [1])
        #expect(HMAC.sha256(key: [], message: [1]) == before)
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined()
    }
}
