import Certificates
import OpenSSLBinding

extension Decoding {
    /// Decodes the certificates of a JKS or JCEKS store, which need no password. With a password, the integrity of the
    /// store is checked.
    mutating func takeJavaKeyStore(_ bytes: Span<UInt8>) {
        do throws(JavaKeyStore.Damage) {
            var store = try JavaKeyStore(bytes)
            while store.entriesLeft > 0 {
                for range in try store.nextEntry(in: bytes) { takeCertificate(allOf: bytes.extracting(range)) }
            }
            guard store.isComplete(in: bytes) else { throw JavaKeyStore.Damage() }
            checkIntegrity(of: bytes)
        } catch {
            report(.badKeyStore, "the Java key store is cut short, or damaged")
        }
    }

    /// The digest at the end is the SHA-1 of the password in UTF-16, a constant salt, and all previous bytes.
    private mutating func checkIntegrity(of bytes: Span<UInt8>) {
        guard let passphrase else { return }
        let end = bytes.count - JavaKeyStore.digestLength
        let password = passphrase.exposed.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        do throws(OpenSSLError) {
            let digest = try SHA1.digest([password, Array("Mighty Aphrodite".utf8), bytes.bytes(0..<end)])
            if digest != bytes.bytes(end..<bytes.count) { report(passphraseDefect) }
        } catch {
            report(.unsupportedEncryption, "its integrity cannot be checked: OpenSSL has no SHA-1 (\(error))")
        }
    }
}
