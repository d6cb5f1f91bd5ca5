import CertificateDecoding
import Certificates

/// libFuzzer's entry point: the first byte chooses whether there is a passphrase, the rest is a file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDecoding(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0, let decoder else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
    let container = decoder.decode(bytes.span, passphrase: start.pointee.isMultiple(of: 2) ? Secret("changeit") : nil)
    precondition(container.defects.count <= 64)
    if !container.revocationLists.isEmpty, var revoked = try? RevokedCertificates(of: bytes.span) {
        while (try? revoked.next(in: bytes.span)) != nil {}
    }
    return 0
}

/// Without OpenSSL's SHA-256 there is nothing to fuzz. `nonisolated(unsafe)` because libFuzzer calls from one thread alone.
nonisolated(unsafe) private let decoder = try? CertificateDecoder()
