import Certificates
import OpenSSLBinding

/// One decoding, with its arguments and its results so far. Each format adds one method.
struct Decoding {
    /// The maximum nesting of containers: PEM in base64 in JSON.
    private static let depthLimit = 4
    /// The maximum number of reported defects. A malicious file could have hundreds of thousands. The rest of the file
    /// is still decoded.
    private static let defectLimit = 64

    /// The maximum number of times that OpenSSL parses something that is not a certificate. A malicious file could
    /// cause millions.
    private static let refusalLimit = 10_000
    /// OpenSSL takes 100 µs for a certificate, so the size of its input is limited. Real structures have up to 200 KiB.
    static let parsedLimit = 2 << 20

    let reader: CertificateReader
    let knows: (Fingerprint) -> Bool
    let passphrase: Secret?
    let patience: PassphrasePatience
    var base64: Base64Decoder
    private let keepsEncodings: Bool
    private(set) var found = DecodedContainer()
    private var depth = 0
    private var refusals = 0

    init(
        reader: CertificateReader, knows: @escaping (Fingerprint) -> Bool, passphrase: Secret?,
        patience: PassphrasePatience, base64: Base64Decoder, keepsEncodings: Bool
    ) {
        self.reader = reader
        self.knows = knows
        self.passphrase = passphrase
        self.patience = patience
        self.base64 = base64
        self.keepsEncodings = keepsEncodings
    }

    /// Decodes a container of any format.
    mutating func take(_ bytes: Span<UInt8>) {
        let format = ContainerFormat(of: bytes)
        if depth == 0, [.foreign, .json, .encodedPEM].contains(format) { takeReferences(in: bytes) }
        guard format != .foreign else { return reportUnlessFound(in: bytes) }
        guard depth < Self.depthLimit else {
            return report(.noCertificateFound, "more than \(Self.depthLimit) containers lie inside each other")
        }
        depth += 1
        defer { depth -= 1 }
        switch format {
        case .pem: takePEM(bytes)
        case .utf16: takeUTF16(bytes)
        case .certificate: takeCertificates(der: bytes)
        case .revocationList: takeRevocationList(bytes)
        case .signedData: takeSignedData(bytes)
        case .pkcs12: takePKCS12(bytes)
        case .javaKeyStore: takeJavaKeyStore(bytes)
        case .json: takeJSON(bytes)
        case .encodedPEM: takeEncodedPEM(bytes)
        case .base64: takeBase64(bytes)
        case .foreign: break
        }
    }

    mutating func append(_ entry: Sighting) {
        found.entries.append(entry)
    }

    /// Stores the DER of a found object, if the caller wants encodings.
    mutating func keep(_ der: Span<UInt8>, of fingerprint: Fingerprint) {
        guard keepsEncodings else { return }
        found.encodings[fingerprint] = der.bytes(0..<der.count)
    }

    /// Whether OpenSSL may parse another element that our reader refused.
    var mayAsk: Bool { refusals < Self.refusalLimit }

    /// Records that OpenSSL refused it too.
    mutating func refuse(_ error: OpenSSLError) {
        refuse("this is no certificate that OpenSSL can read (\(error))")
    }

    /// Records with the given message that OpenSSL refused it too.
    mutating func refuse(_ message: String) {
        refusals += 1
        report(.badDER, message)
    }

    /// Removes the defects from index `first` on.
    mutating func forgetDefects(from first: Int) {
        found.defects.removeSubrange(min(first, found.defects.count)...)
    }

    /// The number of objects and defects so far.
    var count: Int { found.entries.count + found.revocationLists.count + found.defects.count }

    mutating func append(_ list: RevocationList) {
        found.revocationLists.append(list)
    }

    mutating func refer(to files: [FilePath]) {
        found.references = files
    }

    mutating func report(_ reason: Defect.Reason, _ message: String) {
        report(Defect(reason, message))
    }

    mutating func report(_ defect: Defect) {
        guard found.defects.count < Self.defectLimit else { return }
        found.defects.append(defect)
    }

    /// Adds a place to the messages of the defects from index `first` on.
    mutating func locateDefects(from first: Int, at place: () -> String) {
        guard first < found.defects.count else { return }
        let place = place()
        for index in first..<found.defects.count {
            let defect = found.defects[index]
            found.defects[index] = Defect(defect.reason, "\(place): \(defect.message)")
        }
    }

    /// Reports content that contains a mark of a certificate but nothing that could be decoded.
    mutating func reportUnlessFound(in bytes: Span<UInt8>) {
        guard count == 0, CertificateMark.stands(inText: bytes) else { return }
        report(.noCertificateFound, "it says BEGIN CERTIFICATE and holds none that can be read")
    }
}
