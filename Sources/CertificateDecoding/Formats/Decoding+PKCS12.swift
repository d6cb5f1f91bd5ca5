import Certificates
import OpenSSLBinding

/// Detects a PKCS #12 file: a SEQUENCE that begins with version 3 and a ContentInfo (RFC 7292 section 4).
enum PKCS12Mark {
    static func stands(in bytes: Span<UInt8>) -> Bool {
        guard let version = CertificateMark.skipHeaders([0x30], of: bytes) else { return false }
        guard bytes.holds("\u{02}\u{01}\u{03}", at: version) else { return false }
        let content = version + 3
        return content < bytes.count && bytes[content] == 0x30
    }
}

extension Decoding {
    /// A key store has few encrypted parts. Each one needs a key derivation.
    private static var partLimit: Int { 16 }

    /// Decodes the certificates of a PKCS #12 file.
    mutating func takePKCS12(_ bytes: Span<UInt8>) {
        guard bytes.count <= Self.parsedLimit else {
            return report(.badDER, "it is PKCS #12 of more than the \(Self.parsedLimit) bytes that are read of one")
        }
        do throws(OpenSSLError) {
            let archive = try PKCS12Archive(bytes)
            guard isAffordable(archive) else { return }
            take(archive)
        } catch {
            report(.badDER, "this is no PKCS #12 that OpenSSL can read (\(error))")
        }
    }

    /// Checks all costs before the first passphrase is tried.
    private mutating func isAffordable(_ archive: PKCS12Archive) -> Bool {
        guard archive.encryptions.count <= Self.partLimit else {
            report(
                .iterationLimit,
                "it has \(archive.encryptions.count) encrypted parts; more than \(Self.partLimit) are not tried")
            return false
        }
        var counts = archive.macIterations.map { [$0] } ?? []
        for algorithm in archive.encryptions {
            do throws(DERRefusal) {
                counts.append(try PasswordCost(ofAlgorithm: algorithm.span).iterations)
            } catch {
                report(.unsupportedEncryption, "it is encrypted in a way that is not known")
                return false
            }
        }
        // There is a limit for each count, so that the sum cannot overflow, and one for the sum.
        // Without a given passphrase no person waits for the result, so the lower limits apply.
        let patience = passphrase == nil ? .unattended : patience
        let most = counts.max() ?? 0
        let demanded = most > patience.limit ? most : counts.reduce(0, +)
        let limit = most > patience.limit ? patience.limit : patience.totalLimit
        guard demanded > limit else { return true }
        report(.iterationLimit, "its passphrase is to be digested \(demanded) times; more than \(limit) are not tried")
        return false
    }

    private mutating func take(_ archive: PKCS12Archive) {
        let key: PassphraseKey
        do throws(PKCS12Archive.Failure) {
            key = try self.key(of: archive)
        } catch {
            report(defect(error))
            return
        }
        let contents = archive.contents(passphrase: key.text)
        // The key is useless without the passphrase. A trust store, which has no key, is accepted.
        guard key.isVerified || !contents.holdsKeys else { return report(passphraseDefect) }
        for der in contents.certificates { takeCertificate(allOf: der.span) }
        for der in contents.revocationLists { takeRevocationList(der.span) }
        if contents.unreadable > 0 {
            report(.badDER, "\(contents.unreadable) of its certificates cannot be read by OpenSSL")
        }
        if let failure = contents.failures.first {
            report(defect(failure))
        } else if !key.isVerified, passphrase != nil {
            report(defect(.refused))
        } else if contents.certificates.isEmpty, contents.revocationLists.isEmpty, contents.unreadable == 0 {
            // A key alone is a valid file, but not one to register for its certificates.
            report(.noCertificateFound, "it is PKCS #12, and holds no certificate")
        }
    }

    /// The passphrase that opens the parts.
    private struct PassphraseKey {
        let text: String?
        /// Whether the MAC of the file verifies with it.
        let isVerified: Bool
    }

    /// The given passphrase, otherwise the empty one in its two forms. A file without a MAC cannot show which one is
    /// correct, and a file that accepts none may have unencrypted parts.
    private func key(of archive: PKCS12Archive) throws(PKCS12Archive.Failure) -> PassphraseKey {
        let candidates = [passphrase?.exposed, ""].compactMap(\.self) + [nil]
        guard archive.macIterations != nil else {
            return PassphraseKey(text: passphrase?.exposed ?? "", isVerified: true)
        }
        for text in candidates {
            do throws(PKCS12Archive.Failure) {
                try archive.verify(passphrase: text)
                return PassphraseKey(text: text, isVerified: true)
            } catch .refused {
                continue
            }
        }
        return PassphraseKey(text: passphrase?.exposed ?? "", isVerified: false)
    }

    private func defect(_ failure: PKCS12Archive.Failure) -> Defect {
        switch failure {
        case .refused: passphraseDefect
        case .unsupported(let error):
            Defect(
                .unsupportedEncryption,
                "it is protected by an algorithm that neither OpenSSL nor its legacy provider has (\(error))")
        }
    }

    /// The defect of a file that does not open: the passphrase is missing or wrong.
    var passphraseDefect: Defect {
        passphrase == nil
            ? Defect(.passphraseMissing, "it has a passphrase, and none was given (passphrase_file)")
            : Defect(.badPassphrase, "the passphrase is not the one that it was made with, or it is damaged")
    }
}
