/// Why nothing was decoded from a forwarded value.
package enum ForwardedCertificateError: Error, Hashable, Sendable {
    /// There is no value: the client sent no certificate, or the edge forwards none.
    case empty
    case tooLarge(limit: Int)
    /// The error and its position.
    case malformed(String)
    /// The value describes a certificate but does not contain it.
    case withoutCertificate(String)
}

extension ForwardedCertificateError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "no certificate was forwarded: the value is empty"
        case .tooLarge(let limit): "the value has more than \(limit) bytes"
        case .malformed(let what): what
        case .withoutCertificate(let what): what
        }
    }
}
