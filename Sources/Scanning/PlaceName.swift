import Certificates

/// What a name suggests about the content, for places that cannot be read and files without certificates.
enum PlaceName {
    /// Only certificates or revocation lists have such names.
    case certificates
    /// Such files contain certificates or other content, as `.pem` may be a key.
    case container
    /// The name mentions certificates, as `kubeconfig` and `make-cert.sh` do.
    case suggestive
    case key
    case other

    /// The name of a file.
    init(ofFile path: FilePath) {
        let name = Self.lastComponent(of: path).lowercased()
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let endings = parts.dropFirst()
        let words = name.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let isCertificate = words.contains { Self.certificateWords.contains($0) }
        let stem = endings.last.map { name.dropLast($0.count + 1) } ?? name[...]
        if name.hasSuffix("~") || Self.backupEndings.contains(endings.last ?? "") {
            self = .other
        } else if endings.last == "key" || (stem.hasSuffix("key") && !isCertificate) {
            self = .key
        } else if endings.contains(where: { Self.certificateEndings.contains($0) }) {
            self = .certificates
        } else if endings.contains(where: { Self.sharedEndings.contains($0) }) {
            self = .container
        } else {
            self = isCertificate ? .suggestive : .other
        }
    }

    /// Whether a directory of this name may contain certificates. Directories for keys are closed on purpose, and
    /// `lost+found` belongs to root on every file system.
    static func mayHoldCertificates(directory path: FilePath) -> Bool {
        !["private", "keys", "newkeys", "lost+found", ".ssh", ".gnupg", ".git"].contains(lastComponent(of: path))
    }

    private static func lastComponent(of path: FilePath) -> String {
        String(decoding: path.bytes.split(separator: UInt8(ascii: "/")).last ?? [], as: UTF8.self)
    }

    private static let certificateEndings: Set<String> = [
        "crt", "cer", "cert", "p7b", "p7c", "spc", "ca-bundle", "crl",
    ]
    private static let sharedEndings: Set<String> = [
        "pem", "der", "p12", "pfx", "jks", "jceks", "keystore", "truststore", "bcfks",
    ]
    private static let certificateWords: Set<String> = [
        "cert", "certs", "certificate", "certificates", "cacert", "cacerts", "fullchain", "keystore", "truststore",
        "kubeconfig",
    ]
    private static let backupEndings: Set<String> = [
        "bak", "old", "orig", "save", "swp", "tmp", "rpmsave", "rpmnew", "dpkg-old", "dpkg-new", "dpkg-dist", "log",
    ]
}

extension PathGlob {
    /// Whether an unreadable file is reported: the pattern names it, or its name suggests a certificate. A private key
    /// beside certificates is closed on purpose.
    func expectsCertificates(inFile path: FilePath) -> Bool {
        switch PlaceName(ofFile: path) {
        case .certificates, .container, .suggestive: true
        case .key: false
        case .other: namesFile(path)
        }
    }

    /// Whether the last component matches this name by some of its letters and not only by `*` or `**`.
    private func namesFile(_ path: FilePath) -> Bool {
        let name = path.bytes.split(separator: UInt8(ascii: "/")).last.map(Array.init) ?? []
        return components.last.map { $0.isSpecific && Self.matches(name.span, $0) } ?? true
    }
}

extension PathGlob.Component {
    fileprivate var isSpecific: Bool {
        switch self {
        case .literal: true
        case .anyDepth: false
        case .wildcard(let tokens):
            tokens.contains { token in
                guard case .byte(let byte) = token else { return false }
                return byte != UInt8(ascii: ".")
            }
        }
    }
}
