import COpenSSL

/// Keyed hashes (RFC 2104).
package enum HMAC {
    /// The 32 bytes of HMAC-SHA-256.
    package static func sha256(key: [UInt8], message: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            // A null key would mean the key of the previous call, so an empty key needs a valid address.
            let result = key.withUnsafeBufferPointer { key in
                withUnsafePointer(to: 0 as UInt8) { empty in
                    COpenSSL.HMAC(
                        EVP_sha256(), key.baseAddress ?? empty, Int32(clamping: key.count), message, message.count,
                        buffer.baseAddress, nil)
                }
            }
            precondition(result != nil, "HMAC-SHA-256 takes any key and message")
            count = 32
        }
    }
}
