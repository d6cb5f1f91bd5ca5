import CertificateDecoding
import Certificates
import TransportSecurity
import Verification

/// What ends a client certificate, judged by the CAs that lie beside it and those in the endpoint's `ca_file`. A CA is
/// often registered nowhere, and one PKI for both sides is the rule.
package enum ClientOutlook: Sendable {
    /// Its CA is not at hand.
    case unknown
    /// Its own notAfter.
    case endsByItself
    case endsWith(Certificate, at: Instant)

    /// - Throws: `OpenSSLError` where OpenSSL cannot read what it has read before.
    package init(of client: Credentials.Client, anchors: CertificateBundle, at now: Instant) throws {
        guard let leaf = client.certificate else {
            self = .unknown
            return
        }
        let companions = try CertificateDecoder().bundle(presented: Array(client.identity.chainDER.dropFirst()))
        // OpenSSL parses those alone that can matter: a `ca_file` may be a copy of the system's trust store.
        let named = CertificateBundle(merging: [companions, anchors]).authorities(above: leaf)
        guard !named.certificates.isEmpty else {
            self = .unknown
            return
        }
        // Whatever the paths are, nothing on them ends earlier; so most rounds check no signature.
        guard named.certificates.contains(where: { $0.validity.ends(before: leaf.validity) }) else {
            self = .endsByItself
            return
        }
        let authorities = VerifiableBundle(named).certificates
        let subjects = Set(authorities.map(\.certificate.subject))
        let isTop = { (authority: VerifiableCertificate) in
            let certificate = authority.certificate
            return certificate.subject == certificate.issuer || !subjects.contains(certificate.issuer)
        }
        let search = EffectiveExpirySearch(
            anchors: authorities.filter(isTop), intermediates: authorities.filter { !isTop($0) })
        let effective = search.effectiveExpiry(
            of: try VerifiableCertificate(leaf, der: client.identity.certificateDER), at: now)
        switch (effective.because, effective.expiry) {
        case (.issuer(let issuer), .at(let end)): self = .endsWith(issuer, at: end)
        default: self = effective.path.count > 1 ? .endsByItself : .unknown
        }
    }
}

extension Validity {
    fileprivate func ends(before other: Validity) -> Bool {
        guard case .at(let end) = expiry else { return false }
        return other.expiry.isLater(than: end)
    }
}
