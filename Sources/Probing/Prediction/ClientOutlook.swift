import CertificateDecoding
import Certificates
import TransportSecurity
import Verification

/// When a client certificate ends, given the CAs in its file and those in the endpoint's `ca_file`. Often its CA is not
/// registered, and often one PKI serves both sides.
package enum ClientOutlook: Sendable {
    /// None of these CAs is its issuer.
    case unknown
    /// It ends at its own notAfter.
    case endsByItself
    case endsWith(Certificate, at: Instant)

    /// - Throws: `OpenSSLError` when OpenSSL cannot parse a certificate that it parsed before.
    package init(of client: Credentials.Client, anchors: CertificateBundle, at now: Instant) throws {
        guard let leaf = client.certificate else {
            self = .unknown
            return
        }
        let companions = try CertificateDecoder().bundle(presented: Array(client.identity.chainDER.dropFirst()))
        // OpenSSL parses only the relevant CAs, since a `ca_file` may be a copy of the system's trust store.
        let named = CertificateBundle(merging: [companions, anchors]).authorities(above: leaf)
        guard !named.certificates.isEmpty else {
            self = .unknown
            return
        }
        // If no CA ends earlier, no path can. Most rounds therefore verify no signature.
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
