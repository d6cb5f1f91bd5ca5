/// A header in which an edge forwards its client's certificate. docs/verify.md lists the known ones.
package struct ForwardedHeader: Hashable, Sendable {
    /// The encoding of a value.
    enum Encoding: Hashable {
        /// PEM in which other characters are escaped as in `%0A`. A plus is a plus, since this is not a form (RFC 3986
        /// 2.1).
        case percentEncodedPEM
        /// PEM encoded as a form field, in which a plus is a space: Traefik's `url.QueryEscape`, Java's `URLEncoder`.
        case formEncodedPEM
        /// DER in base64. Several certificates are separated by commas.
        case base64DER
        /// One byte sequence between colons (RFC 9440 2.2).
        case byteSequence
        /// A list of byte sequences (RFC 9440 2.3).
        case byteSequences
        /// Envoy's elements, one for each proxy on the path.
        case envoyElements
        /// Any of these, or plain PEM. The encoding of a custom header is unknown.
        case anyOfThese
    }

    /// Another header of the same request that belongs to the value.
    struct Companion: Hashable {
        enum Role: Hashable {
            case chain
            case fingerprint
        }

        let name: String
        let role: Role
    }

    /// In lower case, since header names are case-insensitive (RFC 9110 5.1).
    package let name: String

    package init(_ name: String) {
        self.name = name.lowercased()
    }

    var encoding: Encoding {
        switch name {
        // AWS Application Load Balancer, which escapes everything except letters, digits and `+=/`
        case "x-amzn-mtls-clientcert", "x-amzn-mtls-clientcert-leaf": .percentEncodedPEM
        case "cf-client-cert-der-base64": .base64DER
        case "client-cert": .byteSequence
        case "client-cert-chain": .byteSequences
        case "x-forwarded-client-cert": .envoyElements
        default: .anyOfThese
        }
    }

    var companion: Companion? {
        switch name {
        case "client-cert": Companion(name: "client-cert-chain", role: .chain)
        case "cf-client-cert-der-base64": Companion(name: "cf-client-cert-sha256", role: .fingerprint)
        default: nil
        }
    }
}
