import CertificateDecoding
import Certificates
import OpenSSLBinding

/// The revocation lists of a verifier. It must be used by one thread at a time, as OpenSSL's objects must.
package struct RevocationListSet {
    let lists: [ParsedRevocationList]

    /// An empty set, with which revocation is not checked.
    package init() {
        lists = []
    }

    init(_ lists: [ParsedRevocationList]) {
        self.lists = lists
    }

    /// Parses one file: PEM with any number of lists, DER, or base64 of either, such as the output of `cfssl gencrl |
    /// base64`.
    ///
    /// - Throws: `UnreadableRevocationList`. There is no partial success, since an omitted list would revoke no
    ///   certificate.
    package init(_ bytes: [UInt8]) throws(UnreadableRevocationList) {
        lists = try Self.read(bytes, isBase64Allowed: true)
        guard !lists.isEmpty else { throw UnreadableRevocationList(description: "holds no revocation list") }
    }

    /// Joins the lists of several files.
    package init(joining sets: [RevocationListSet]) {
        lists = sets.flatMap(\.lists)
    }

    package var isEmpty: Bool { lists.isEmpty }

    private static func read(
        _ bytes: [UInt8], isBase64Allowed: Bool
    ) throws(UnreadableRevocationList) -> [ParsedRevocationList] {
        if bytes.count > 2, bytes[0] == 0x30, bytes[1] >= 0x80 || ContainerFormat(of: bytes.span) == .revocationList {
            do throws(OpenSSLError) {
                return [try ParsedRevocationList(der: bytes)]
            } catch {
                throw UnreadableRevocationList(description: "is no revocation list that OpenSSL can read (\(error))")
            }
        }
        var decoder = Base64Decoder()
        // Content that is not base64 is either PEM or unknown.
        if isBase64Allowed, let count = try? decoder.decode(bytes.span, 0..<bytes.count), count > 0 {
            return try read(Array(decoder.buffer.prefix(count)), isBase64Allowed: false)
        }
        do throws(TLSMaterialError) {
            return try ParsedRevocationList.all(inPEM: bytes)
        } catch {
            throw UnreadableRevocationList(description: error.description)
        }
    }
}

/// Content that should be revocation lists and is not.
package struct UnreadableRevocationList: Error, Hashable, Sendable, CustomStringConvertible {
    /// A clause to follow the file's name.
    package let description: String
}
