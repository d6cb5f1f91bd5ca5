/// Why nothing was decoded from what an edge has forwarded.
package enum ForwardedCertificateError: Error, Hashable, Sendable {
    /// There is no value: the client has shown no certificate, or the edge forwards none.
    case empty
    case tooLarge(limit: Int)
    /// What is wrong, and where.
    case malformed(String)
    /// The value speaks of a certificate and does not hold it.
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
