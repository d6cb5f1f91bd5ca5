import CertificateDecoding
import Certificates
import Verification

/// libFuzzer's entry point: the first byte selects an entry point of the decoder, the rest is its input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDecoding(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0, let lab else { return 0 }
    let entryPoint = EntryPoint.allCases[Int(start.pointee) % EntryPoint.allCases.count]
    entryPoint.run(Array(UnsafeBufferPointer(start: start + 1, count: count - 1)), in: lab)
    return 0
}

/// The code that parses untrusted bytes. scripts/fuzz.sh seeds each entry point by its position in this list.
private enum EntryPoint: CaseIterable {
    case container
    case containerWithPassphrase
    case presentedCertificate
    case verification
    case inspection
    case revocationLists
    /// Its first byte selects the header.
    case forwardedHeader

    private static let headers = [
        "X-Amzn-Mtls-Clientcert", "Cf-Client-Cert-Der-Base64", "Client-Cert", "Client-Cert-Chain",
        "X-Forwarded-Client-Cert", "X-Other",
    ].map(ForwardedHeader.init)

    func run(_ bytes: [UInt8], in lab: Lab) {
        switch self {
        case .container: lab.decode(bytes, passphrase: nil)
        case .containerWithPassphrase: lab.decode(bytes, passphrase: Secret("changeit"))
        case .presentedCertificate: _ = lab.decoder.certificate(der: bytes)
        case .verification:
            let bundle = lab.decoder.verifiableBundle(bytes)
            // Trusting the last certificate of the input makes longer paths possible.
            let check = ForwardedCertificateCheck(CertificateExpectations(), anchors: bundle.certificates.suffix(1))
            _ = try? check.report(on: bundle, at: Instant(seconds: 1_800_000_000))
        case .inspection:
            _ = try? lab.inspector.inspect(lab.decoder.bundle(bytes), at: Instant(seconds: 1_800_000_000))
        case .revocationLists: _ = try? RevocationListSet(bytes)
        case .forwardedHeader:
            guard let choice = bytes.first else { return }
            let header = Self.headers[Int(choice) % Self.headers.count]
            guard let forwarded = try? ForwardedCertificate(Array(bytes.dropFirst()), header: header) else { return }
            for container in forwarded.containers { lab.decode(container, passphrase: nil) }
        }
    }
}

private struct Lab {
    let decoder: CertificateDecoder
    let inspector: CertificateInspector

    func decode(_ bytes: [UInt8], passphrase: Secret?) {
        let container = decoder.decode(bytes.span, passphrase: passphrase)
        precondition(container.defects.count <= 64)
        precondition(container.references.count <= 1_024)
        if !container.revocationLists.isEmpty, var revoked = try? RevokedCertificates(of: bytes.span) {
            while (try? revoked.next(in: bytes.span)) != nil {}
        }
    }
}

/// nil when OpenSSL has no SHA-256, and then there is nothing to fuzz. `nonisolated(unsafe)` because libFuzzer uses
/// only one thread.
nonisolated(unsafe) private let lab: Lab? = {
    guard let decoder = try? CertificateDecoder(), let inspector = try? CertificateInspector() else { return nil }
    return Lab(decoder: decoder, inspector: inspector)
}()
