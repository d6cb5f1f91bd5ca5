import CertificateDecoding
import Certificates
import OpenSSLBinding

/// The revocation lists that a verifier uses. It belongs to one thread at a time, as OpenSSL's objects do.
package struct RevocationListSet {
    let lists: [ParsedRevocationList]

    /// Without any list, revocation is not looked at.
    package init() {
        lists = []
    }

    init(_ lists: [ParsedRevocationList]) {
        self.lists = lists
    }

    /// Reads one file: PEM with any number of lists, DER, or base64 of either, as `cfssl gencrl | base64` leaves it.
    ///
    /// - Throws: `UnreadableRevocationList`. There is no partial success: a list that was left out would revoke no certificate.
    package init(_ bytes: [UInt8]) throws(UnreadableRevocationList) {
        lists = try Self.read(bytes, isBase64Allowed: true)
        guard !lists.isEmpty else { throw UnreadableRevocationList(description: "holds no revocation list") }
    }

    /// The lists of several files together.
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
        // What is no base64 is PEM, or nothing of ours.
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

/// Bytes that should be revocation lists and are none.
package struct UnreadableRevocationList: Error, Hashable, Sendable, CustomStringConvertible {
    /// To follow the name of the file.
    package let description: String
}
